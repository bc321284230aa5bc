-- The facts of the Amazon Cognito user pools service: operations, shapes,
-- limits, errors. Written by model/import.lua from the service's published
-- model: import it anew instead of editing it. What the published model
-- does not say stands in model/overlay.lua.
return {
  operations = {
    AddCustomAttributes = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserImportInProgressException",
      },
      input = "AddCustomAttributesRequest",
      output = "AddCustomAttributesResponse",
    },
    AddUserPoolClientSecret = {
      errors = {
        "AccessDeniedException", "InternalServerException", "InvalidParameterException",
        "LimitExceededException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "AddUserPoolClientSecretRequest",
      output = "AddUserPoolClientSecretResponse",
    },
    AdminAddUserToGroup = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException",
      },
      input = "AdminAddUserToGroupRequest",
    },
    AdminConfirmSignUp = {
      errors = {
        "InternalErrorException", "InvalidLambdaResponseException", "InvalidParameterException",
        "LimitExceededException", "NotAuthorizedException", "OperationNotEnabledException",
        "ResourceNotFoundException", "TooManyFailedAttemptsException", "TooManyRequestsException",
        "UnexpectedLambdaException", "UserLambdaValidationException", "UserNotFoundException",
      },
      input = "AdminConfirmSignUpRequest",
      output = "AdminConfirmSignUpResponse",
    },
    AdminCreateUser = {
      errors = {
        "CodeDeliveryFailureException", "InternalErrorException", "InvalidLambdaResponseException",
        "InvalidParameterException", "InvalidPasswordException",
        "InvalidSmsRoleAccessPolicyException", "InvalidSmsRoleTrustRelationshipException",
        "NotAuthorizedException", "OperationNotEnabledException", "PreconditionNotMetException",
        "ResourceNotFoundException", "TooManyRequestsException", "UnexpectedLambdaException",
        "UnsupportedUserStateException", "UserLambdaValidationException", "UserNotFoundException",
        "UsernameExistsException",
      },
      input = "AdminCreateUserRequest",
      output = "AdminCreateUserResponse",
    },
    AdminDeleteSoftwareToken = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "AdminDeleteSoftwareTokenRequest",
      output = "AdminDeleteSoftwareTokenResponse",
    },
    AdminDeleteUser = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException",
      },
      input = "AdminDeleteUserRequest",
    },
    AdminDeleteUserAttributes = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException",
      },
      input = "AdminDeleteUserAttributesRequest",
      output = "AdminDeleteUserAttributesResponse",
    },
    AdminDisableProviderForUser = {
      errors = {
        "AliasExistsException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException", "UserNotFoundException",
      },
      input = "AdminDisableProviderForUserRequest",
      output = "AdminDisableProviderForUserResponse",
    },
    AdminDisableUser = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException",
      },
      input = "AdminDisableUserRequest",
      output = "AdminDisableUserResponse",
    },
    AdminEnableUser = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException",
      },
      input = "AdminEnableUserRequest",
      output = "AdminEnableUserResponse",
    },
    AdminForgetDevice = {
      errors = {
        "InternalErrorException", "InvalidParameterException",
        "InvalidUserPoolConfigurationException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException",
      },
      input = "AdminForgetDeviceRequest",
    },
    AdminGetDevice = {
      errors = {
        "InternalErrorException", "InvalidParameterException",
        "InvalidUserPoolConfigurationException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "AdminGetDeviceRequest",
      output = "AdminGetDeviceResponse",
    },
    AdminGetUser = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException",
      },
      input = "AdminGetUserRequest",
      output = "AdminGetUserResponse",
    },
    AdminGetUserAuthFactors = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException",
      },
      input = "AdminGetUserAuthFactorsRequest",
      output = "AdminGetUserAuthFactorsResponse",
    },
    AdminInitiateAuth = {
      errors = {
        "InternalErrorException", "InvalidEmailRoleAccessPolicyException",
        "InvalidLambdaResponseException", "InvalidParameterException",
        "InvalidSmsRoleAccessPolicyException", "InvalidSmsRoleTrustRelationshipException",
        "InvalidUserPoolConfigurationException", "MFAMethodNotFoundException",
        "NotAuthorizedException", "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "TooManyRequestsException", "UnexpectedLambdaException",
        "UnsupportedOperationException", "UserLambdaValidationException",
        "UserNotConfirmedException", "UserNotFoundException",
      },
      input = "AdminInitiateAuthRequest",
      output = "AdminInitiateAuthResponse",
    },
    AdminLinkProviderForUser = {
      errors = {
        "AliasExistsException", "InternalErrorException", "InvalidParameterException",
        "LimitExceededException", "NotAuthorizedException", "OperationNotEnabledException",
        "ResourceNotFoundException", "TooManyRequestsException", "UserNotFoundException",
      },
      input = "AdminLinkProviderForUserRequest",
      output = "AdminLinkProviderForUserResponse",
    },
    AdminListDevices = {
      errors = {
        "InternalErrorException", "InvalidParameterException",
        "InvalidUserPoolConfigurationException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "AdminListDevicesRequest",
      output = "AdminListDevicesResponse",
    },
    AdminListGroupsForUser = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException",
      },
      input = "AdminListGroupsForUserRequest",
      output = "AdminListGroupsForUserResponse",
    },
    AdminListUserAuthEvents = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException", "UserPoolAddOnNotEnabledException",
      },
      input = "AdminListUserAuthEventsRequest",
      output = "AdminListUserAuthEventsResponse",
    },
    AdminListUserSessions = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "AdminListUserSessionsRequest",
      output = "AdminListUserSessionsResponse",
    },
    AdminRemoveUserFromGroup = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException",
      },
      input = "AdminRemoveUserFromGroupRequest",
    },
    AdminResetUserPassword = {
      errors = {
        "InternalErrorException", "InvalidEmailRoleAccessPolicyException",
        "InvalidLambdaResponseException", "InvalidParameterException",
        "InvalidSmsRoleAccessPolicyException", "InvalidSmsRoleTrustRelationshipException",
        "LimitExceededException", "NotAuthorizedException", "OperationNotEnabledException",
        "ResourceNotFoundException", "TooManyRequestsException", "UnexpectedLambdaException",
        "UserLambdaValidationException", "UserNotFoundException",
      },
      input = "AdminResetUserPasswordRequest",
      output = "AdminResetUserPasswordResponse",
    },
    AdminRespondToAuthChallenge = {
      errors = {
        "AliasExistsException", "CodeMismatchException", "ExpiredCodeException",
        "InternalErrorException", "InvalidEmailRoleAccessPolicyException",
        "InvalidLambdaResponseException", "InvalidParameterException", "InvalidPasswordException",
        "InvalidSmsRoleAccessPolicyException", "InvalidSmsRoleTrustRelationshipException",
        "InvalidUserPoolConfigurationException", "MFAMethodNotFoundException",
        "NotAuthorizedException", "OperationNotEnabledException",
        "PasswordHistoryPolicyViolationException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "SoftwareTokenMFANotFoundException",
        "TooManyRequestsException", "UnexpectedLambdaException", "UserLambdaValidationException",
        "UserNotConfirmedException", "UserNotFoundException",
      },
      input = "AdminRespondToAuthChallengeRequest",
      output = "AdminRespondToAuthChallengeResponse",
    },
    AdminRevokeUserSession = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "AdminRevokeUserSessionRequest",
      output = "AdminRevokeUserSessionResponse",
    },
    AdminSetUserMFAPreference = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "UserNotConfirmedException", "UserNotFoundException",
      },
      input = "AdminSetUserMFAPreferenceRequest",
      output = "AdminSetUserMFAPreferenceResponse",
    },
    AdminSetUserPassword = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "InvalidPasswordException",
        "NotAuthorizedException", "OperationNotEnabledException",
        "PasswordHistoryPolicyViolationException", "ResourceNotFoundException",
        "TooManyRequestsException", "UserNotFoundException",
      },
      input = "AdminSetUserPasswordRequest",
      output = "AdminSetUserPasswordResponse",
    },
    AdminSetUserSettings = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "UserNotFoundException",
      },
      input = "AdminSetUserSettingsRequest",
      output = "AdminSetUserSettingsResponse",
    },
    AdminUpdateAuthEventFeedback = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException", "UserPoolAddOnNotEnabledException",
      },
      input = "AdminUpdateAuthEventFeedbackRequest",
      output = "AdminUpdateAuthEventFeedbackResponse",
    },
    AdminUpdateDeviceStatus = {
      errors = {
        "InternalErrorException", "InvalidParameterException",
        "InvalidUserPoolConfigurationException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException",
      },
      input = "AdminUpdateDeviceStatusRequest",
      output = "AdminUpdateDeviceStatusResponse",
    },
    AdminUpdateUserAttributes = {
      errors = {
        "AliasExistsException", "InternalErrorException", "InvalidEmailRoleAccessPolicyException",
        "InvalidLambdaResponseException", "InvalidParameterException",
        "InvalidSmsRoleAccessPolicyException", "InvalidSmsRoleTrustRelationshipException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException", "UnexpectedLambdaException", "UserLambdaValidationException",
        "UserNotFoundException",
      },
      input = "AdminUpdateUserAttributesRequest",
      output = "AdminUpdateUserAttributesResponse",
    },
    AdminUserGlobalSignOut = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException",
      },
      input = "AdminUserGlobalSignOutRequest",
      output = "AdminUserGlobalSignOutResponse",
    },
    AssociateSoftwareToken = {
      errors = {
        "ConcurrentModificationException", "ForbiddenException", "InternalErrorException",
        "InvalidParameterException", "NotAuthorizedException", "OperationNotEnabledException",
        "ResourceNotFoundException", "SoftwareTokenMFANotFoundException",
      },
      input = "AssociateSoftwareTokenRequest",
      output = "AssociateSoftwareTokenResponse",
      unsigned = true,
    },
    ChangePassword = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "InvalidPasswordException", "LimitExceededException", "NotAuthorizedException",
        "OperationNotEnabledException", "PasswordHistoryPolicyViolationException",
        "PasswordResetRequiredException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotConfirmedException", "UserNotFoundException",
      },
      input = "ChangePasswordRequest",
      output = "ChangePasswordResponse",
      unsigned = true,
    },
    CompleteWebAuthnRegistration = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "LimitExceededException", "NotAuthorizedException", "OperationNotEnabledException",
        "PasswordResetRequiredException", "TooManyRequestsException",
        "WebAuthnChallengeNotFoundException", "WebAuthnClientMismatchException",
        "WebAuthnCredentialNotSupportedException", "WebAuthnNotEnabledException",
        "WebAuthnOriginNotAllowedException", "WebAuthnRelyingPartyMismatchException",
      },
      input = "CompleteWebAuthnRegistrationRequest",
      output = "CompleteWebAuthnRegistrationResponse",
      unsigned = true,
    },
    ConfirmDevice = {
      errors = {
        "DeviceKeyExistsException", "ForbiddenException", "InternalErrorException",
        "InvalidLambdaResponseException", "InvalidParameterException", "InvalidPasswordException",
        "InvalidUserPoolConfigurationException", "NotAuthorizedException",
        "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "TooManyRequestsException", "UserNotConfirmedException",
        "UserNotFoundException", "UsernameExistsException",
      },
      input = "ConfirmDeviceRequest",
      output = "ConfirmDeviceResponse",
      unsigned = true,
    },
    ConfirmForgotPassword = {
      errors = {
        "CodeMismatchException", "ExpiredCodeException", "ForbiddenException",
        "InternalErrorException", "InvalidLambdaResponseException", "InvalidParameterException",
        "InvalidPasswordException", "LimitExceededException", "NotAuthorizedException",
        "OperationNotEnabledException", "PasswordHistoryPolicyViolationException",
        "ResourceNotFoundException", "TooManyFailedAttemptsException", "TooManyRequestsException",
        "UnexpectedLambdaException", "UserLambdaValidationException", "UserNotConfirmedException",
        "UserNotFoundException",
      },
      input = "ConfirmForgotPasswordRequest",
      output = "ConfirmForgotPasswordResponse",
      unsigned = true,
    },
    ConfirmSignUp = {
      errors = {
        "AliasExistsException", "CodeMismatchException", "ExpiredCodeException",
        "ForbiddenException", "InternalErrorException", "InvalidLambdaResponseException",
        "InvalidParameterException", "LimitExceededException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyFailedAttemptsException", "TooManyRequestsException", "UnexpectedLambdaException",
        "UserLambdaValidationException", "UserNotFoundException",
      },
      input = "ConfirmSignUpRequest",
      output = "ConfirmSignUpResponse",
      unsigned = true,
    },
    CreateGroup = {
      errors = {
        "GroupExistsException", "InternalErrorException", "InvalidParameterException",
        "LimitExceededException", "NotAuthorizedException", "OperationNotEnabledException",
        "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "CreateGroupRequest",
      output = "CreateGroupResponse",
    },
    CreateIdentityProvider = {
      errors = {
        "DuplicateProviderException", "InternalErrorException", "InvalidParameterException",
        "LimitExceededException", "NotAuthorizedException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "CreateIdentityProviderRequest",
      output = "CreateIdentityProviderResponse",
    },
    CreateManagedLoginBranding = {
      errors = {
        "ConcurrentModificationException", "InternalErrorException", "InvalidParameterException",
        "LimitExceededException", "ManagedLoginBrandingExistsException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "CreateManagedLoginBrandingRequest",
      output = "CreateManagedLoginBrandingResponse",
    },
    CreateResourceServer = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "LimitExceededException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "CreateResourceServerRequest",
      output = "CreateResourceServerResponse",
    },
    CreateTerms = {
      errors = {
        "ConcurrentModificationException", "InternalErrorException", "InvalidParameterException",
        "LimitExceededException", "NotAuthorizedException", "OperationNotEnabledException",
        "ResourceNotFoundException", "TermsExistsException", "TooManyRequestsException",
      },
      input = "CreateTermsRequest",
      output = "CreateTermsResponse",
    },
    CreateUserImportJob = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "LimitExceededException",
        "NotAuthorizedException", "OperationNotEnabledException", "PreconditionNotMetException",
        "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "CreateUserImportJobRequest",
      output = "CreateUserImportJobResponse",
    },
    CreateUserPool = {
      errors = {
        "FeatureUnavailableInTierException", "InternalErrorException",
        "InvalidEmailRoleAccessPolicyException", "InvalidParameterException",
        "InvalidSmsRoleAccessPolicyException", "InvalidSmsRoleTrustRelationshipException",
        "LimitExceededException", "NotAuthorizedException", "TierChangeNotAllowedException",
        "TooManyRequestsException", "UserPoolTaggingException",
      },
      input = "CreateUserPoolRequest",
      output = "CreateUserPoolResponse",
    },
    CreateUserPoolClient = {
      errors = {
        "FeatureUnavailableInTierException", "InternalErrorException", "InvalidOAuthFlowException",
        "InvalidParameterException", "LimitExceededException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "ScopeDoesNotExistException",
        "TooManyRequestsException",
      },
      input = "CreateUserPoolClientRequest",
      output = "CreateUserPoolClientResponse",
    },
    CreateUserPoolDomain = {
      errors = {
        "ConcurrentModificationException", "FeatureUnavailableInTierException",
        "InternalErrorException", "InvalidParameterException", "LimitExceededException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
      },
      input = "CreateUserPoolDomainRequest",
      output = "CreateUserPoolDomainResponse",
    },
    CreateUserPoolReplica = {
      errors = {
        "FeatureUnavailableInTierException", "InternalErrorException", "InvalidParameterException",
        "LimitExceededException", "NotAuthorizedException", "OperationNotEnabledException",
        "ResourceNotFoundException", "TooManyRequestsException", "UserPoolTaggingException",
      },
      input = "CreateUserPoolReplicaRequest",
      output = "CreateUserPoolReplicaResponse",
    },
    DeleteGroup = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "DeleteGroupRequest",
    },
    DeleteIdentityProvider = {
      errors = {
        "ConcurrentModificationException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "ResourceNotFoundException", "TooManyRequestsException",
        "UnsupportedIdentityProviderException",
      },
      input = "DeleteIdentityProviderRequest",
    },
    DeleteManagedLoginBranding = {
      errors = {
        "ConcurrentModificationException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "DeleteManagedLoginBrandingRequest",
    },
    DeleteResourceServer = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "DeleteResourceServerRequest",
    },
    DeleteTerms = {
      errors = {
        "ConcurrentModificationException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "DeleteTermsRequest",
    },
    DeleteUser = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "TooManyRequestsException", "UserNotConfirmedException",
        "UserNotFoundException",
      },
      input = "DeleteUserRequest",
      unsigned = true,
    },
    DeleteUserAttributes = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "TooManyRequestsException", "UserNotConfirmedException",
        "UserNotFoundException",
      },
      input = "DeleteUserAttributesRequest",
      output = "DeleteUserAttributesResponse",
      unsigned = true,
    },
    DeleteUserPool = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserImportInProgressException",
      },
      input = "DeleteUserPoolRequest",
    },
    DeleteUserPoolClient = {
      errors = {
        "ConcurrentModificationException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "DeleteUserPoolClientRequest",
    },
    DeleteUserPoolClientSecret = {
      errors = {
        "InternalServerException", "InvalidParameterException", "LimitExceededException",
        "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "DeleteUserPoolClientSecretRequest",
      output = "DeleteUserPoolClientSecretResponse",
    },
    DeleteUserPoolDomain = {
      errors = {
        "ConcurrentModificationException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
      },
      input = "DeleteUserPoolDomainRequest",
      output = "DeleteUserPoolDomainResponse",
    },
    DeleteUserPoolReplica = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "DeleteUserPoolReplicaRequest",
      output = "DeleteUserPoolReplicaResponse",
    },
    DeleteWebAuthnCredential = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "LimitExceededException", "NotAuthorizedException", "OperationNotEnabledException",
        "PasswordResetRequiredException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "DeleteWebAuthnCredentialRequest",
      output = "DeleteWebAuthnCredentialResponse",
      unsigned = true,
    },
    DescribeIdentityProvider = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "DescribeIdentityProviderRequest",
      output = "DescribeIdentityProviderResponse",
    },
    DescribeManagedLoginBranding = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "DescribeManagedLoginBrandingRequest",
      output = "DescribeManagedLoginBrandingResponse",
    },
    DescribeManagedLoginBrandingByClient = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "DescribeManagedLoginBrandingByClientRequest",
      output = "DescribeManagedLoginBrandingByClientResponse",
    },
    DescribeResourceServer = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "DescribeResourceServerRequest",
      output = "DescribeResourceServerResponse",
    },
    DescribeRiskConfiguration = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserPoolAddOnNotEnabledException",
      },
      input = "DescribeRiskConfigurationRequest",
      output = "DescribeRiskConfigurationResponse",
    },
    DescribeTerms = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "DescribeTermsRequest",
      output = "DescribeTermsResponse",
    },
    DescribeTermsByClient = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "DescribeTermsByClientRequest",
      output = "DescribeTermsByClientResponse",
    },
    DescribeUserImportJob = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "DescribeUserImportJobRequest",
      output = "DescribeUserImportJobResponse",
    },
    DescribeUserPool = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserPoolTaggingException",
      },
      input = "DescribeUserPoolRequest",
      output = "DescribeUserPoolResponse",
    },
    DescribeUserPoolClient = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "DescribeUserPoolClientRequest",
      output = "DescribeUserPoolClientResponse",
    },
    DescribeUserPoolDomain = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException",
      },
      input = "DescribeUserPoolDomainRequest",
      output = "DescribeUserPoolDomainResponse",
    },
    ForgetDevice = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "InvalidUserPoolConfigurationException", "NotAuthorizedException",
        "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "TooManyRequestsException", "UserNotConfirmedException",
        "UserNotFoundException",
      },
      input = "ForgetDeviceRequest",
      unsigned = true,
    },
    ForgotPassword = {
      errors = {
        "CodeDeliveryFailureException", "ForbiddenException", "InternalErrorException",
        "InvalidEmailRoleAccessPolicyException", "InvalidLambdaResponseException",
        "InvalidParameterException", "InvalidSmsRoleAccessPolicyException",
        "InvalidSmsRoleTrustRelationshipException", "LimitExceededException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException", "UnexpectedLambdaException", "UserLambdaValidationException",
        "UserNotFoundException",
      },
      input = "ForgotPasswordRequest",
      output = "ForgotPasswordResponse",
      unsigned = true,
    },
    GetCSVHeader = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "GetCSVHeaderRequest",
      output = "GetCSVHeaderResponse",
    },
    GetClientToken = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "GetClientTokenRequest",
      output = "GetClientTokenResponse",
    },
    GetDevice = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "InvalidUserPoolConfigurationException", "NotAuthorizedException",
        "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "TooManyRequestsException", "UserNotConfirmedException",
        "UserNotFoundException",
      },
      input = "GetDeviceRequest",
      output = "GetDeviceResponse",
      unsigned = true,
    },
    GetGroup = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "GetGroupRequest",
      output = "GetGroupResponse",
    },
    GetIdentityProviderByIdentifier = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "GetIdentityProviderByIdentifierRequest",
      output = "GetIdentityProviderByIdentifierResponse",
    },
    GetLogDeliveryConfiguration = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "GetLogDeliveryConfigurationRequest",
      output = "GetLogDeliveryConfigurationResponse",
    },
    GetProvisionedLimit = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "GetProvisionedLimitRequest",
      output = "GetProvisionedLimitResponse",
    },
    GetSigningCertificate = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "OperationNotEnabledException",
        "ResourceNotFoundException",
      },
      input = "GetSigningCertificateRequest",
      output = "GetSigningCertificateResponse",
    },
    GetTokensFromRefreshToken = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidLambdaResponseException",
        "InvalidParameterException", "NotAuthorizedException", "OperationNotEnabledException",
        "RefreshTokenReuseException", "ResourceNotFoundException", "TooManyRequestsException",
        "UnexpectedLambdaException", "UserLambdaValidationException", "UserNotFoundException",
      },
      input = "GetTokensFromRefreshTokenRequest",
      output = "GetTokensFromRefreshTokenResponse",
      unsigned = true,
    },
    GetUICustomization = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "GetUICustomizationRequest",
      output = "GetUICustomizationResponse",
    },
    GetUser = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "TooManyRequestsException", "UserNotConfirmedException",
        "UserNotFoundException",
      },
      input = "GetUserRequest",
      output = "GetUserResponse",
      unsigned = true,
    },
    GetUserAttributeVerificationCode = {
      errors = {
        "CodeDeliveryFailureException", "ForbiddenException", "InternalErrorException",
        "InvalidEmailRoleAccessPolicyException", "InvalidLambdaResponseException",
        "InvalidParameterException", "InvalidSmsRoleAccessPolicyException",
        "InvalidSmsRoleTrustRelationshipException", "LimitExceededException",
        "NotAuthorizedException", "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "TooManyRequestsException", "UnexpectedLambdaException",
        "UserLambdaValidationException", "UserNotConfirmedException", "UserNotFoundException",
      },
      input = "GetUserAttributeVerificationCodeRequest",
      output = "GetUserAttributeVerificationCodeResponse",
      unsigned = true,
    },
    GetUserAuthFactors = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "TooManyRequestsException", "UserNotConfirmedException",
        "UserNotFoundException",
      },
      input = "GetUserAuthFactorsRequest",
      output = "GetUserAuthFactorsResponse",
      unsigned = true,
    },
    GetUserPoolClientSessionConfiguration = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "GetUserPoolClientSessionConfigurationRequest",
      output = "GetUserPoolClientSessionConfigurationResponse",
    },
    GetUserPoolMfaConfig = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "GetUserPoolMfaConfigRequest",
      output = "GetUserPoolMfaConfigResponse",
    },
    GetUserPoolSessionConfiguration = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "GetUserPoolSessionConfigurationRequest",
      output = "GetUserPoolSessionConfigurationResponse",
    },
    GlobalSignOut = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "TooManyRequestsException", "UserNotConfirmedException",
      },
      input = "GlobalSignOutRequest",
      output = "GlobalSignOutResponse",
      unsigned = true,
    },
    InitiateAuth = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidEmailRoleAccessPolicyException",
        "InvalidLambdaResponseException", "InvalidParameterException",
        "InvalidSmsRoleAccessPolicyException", "InvalidSmsRoleTrustRelationshipException",
        "InvalidUserPoolConfigurationException", "NotAuthorizedException",
        "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "TooManyRequestsException", "UnexpectedLambdaException",
        "UnsupportedOperationException", "UserLambdaValidationException",
        "UserNotConfirmedException", "UserNotFoundException",
      },
      input = "InitiateAuthRequest",
      output = "InitiateAuthResponse",
      unsigned = true,
    },
    ListDevices = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "InvalidUserPoolConfigurationException", "NotAuthorizedException",
        "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "TooManyRequestsException", "UserNotConfirmedException",
        "UserNotFoundException",
      },
      input = "ListDevicesRequest",
      output = "ListDevicesResponse",
      unsigned = true,
    },
    ListGroups = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "ListGroupsRequest",
      output = "ListGroupsResponse",
    },
    ListIdentityProviders = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "ListIdentityProvidersRequest",
      output = "ListIdentityProvidersResponse",
    },
    ListResourceServers = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "ListResourceServersRequest",
      output = "ListResourceServersResponse",
    },
    ListTagsForResource = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "ListTagsForResourceRequest",
      output = "ListTagsForResourceResponse",
    },
    ListTerms = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "ListTermsRequest",
      output = "ListTermsResponse",
    },
    ListUserImportJobs = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "ListUserImportJobsRequest",
      output = "ListUserImportJobsResponse",
    },
    ListUserPoolClientSecrets = {
      errors = {
        "InternalServerException", "InvalidParameterException", "LimitExceededException",
        "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "ListUserPoolClientSecretsRequest",
      output = "ListUserPoolClientSecretsResponse",
    },
    ListUserPoolClients = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "ListUserPoolClientsRequest",
      output = "ListUserPoolClientsResponse",
    },
    ListUserPoolReplicas = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "ListUserPoolReplicasRequest",
      output = "ListUserPoolReplicasResponse",
    },
    ListUserPools = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "TooManyRequestsException",
      },
      input = "ListUserPoolsRequest",
      output = "ListUserPoolsResponse",
    },
    ListUserSessions = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "ListUserSessionsRequest",
      output = "ListUserSessionsResponse",
      unsigned = true,
    },
    ListUsers = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "ListUsersRequest",
      output = "ListUsersResponse",
    },
    ListUsersInGroup = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "ListUsersInGroupRequest",
      output = "ListUsersInGroupResponse",
    },
    ListWebAuthnCredentials = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "LimitExceededException", "NotAuthorizedException", "OperationNotEnabledException",
        "PasswordResetRequiredException", "TooManyRequestsException",
      },
      input = "ListWebAuthnCredentialsRequest",
      output = "ListWebAuthnCredentialsResponse",
      unsigned = true,
    },
    ResendConfirmationCode = {
      errors = {
        "CodeDeliveryFailureException", "ForbiddenException", "InternalErrorException",
        "InvalidEmailRoleAccessPolicyException", "InvalidLambdaResponseException",
        "InvalidParameterException", "InvalidSmsRoleAccessPolicyException",
        "InvalidSmsRoleTrustRelationshipException", "LimitExceededException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException", "UnexpectedLambdaException", "UserLambdaValidationException",
        "UserNotFoundException",
      },
      input = "ResendConfirmationCodeRequest",
      output = "ResendConfirmationCodeResponse",
      unsigned = true,
    },
    RespondToAuthChallenge = {
      errors = {
        "AliasExistsException", "CodeMismatchException", "ExpiredCodeException",
        "ForbiddenException", "InternalErrorException", "InvalidEmailRoleAccessPolicyException",
        "InvalidLambdaResponseException", "InvalidParameterException", "InvalidPasswordException",
        "InvalidSmsRoleAccessPolicyException", "InvalidSmsRoleTrustRelationshipException",
        "InvalidUserPoolConfigurationException", "MFAMethodNotFoundException",
        "NotAuthorizedException", "OperationNotEnabledException",
        "PasswordHistoryPolicyViolationException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "SoftwareTokenMFANotFoundException",
        "TooManyRequestsException", "UnexpectedLambdaException", "UserLambdaValidationException",
        "UserNotConfirmedException", "UserNotFoundException",
      },
      input = "RespondToAuthChallengeRequest",
      output = "RespondToAuthChallengeResponse",
      unsigned = true,
    },
    RevokeToken = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "OperationNotEnabledException", "TooManyRequestsException", "UnauthorizedException",
        "UnsupportedOperationException", "UnsupportedTokenTypeException",
      },
      input = "RevokeTokenRequest",
      output = "RevokeTokenResponse",
      unsigned = true,
    },
    RevokeUserSession = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "RevokeUserSessionRequest",
      output = "RevokeUserSessionResponse",
      unsigned = true,
    },
    SetLogDeliveryConfiguration = {
      errors = {
        "FeatureUnavailableInTierException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "SetLogDeliveryConfigurationRequest",
      output = "SetLogDeliveryConfigurationResponse",
    },
    SetRiskConfiguration = {
      errors = {
        "CodeDeliveryFailureException", "InternalErrorException",
        "InvalidEmailRoleAccessPolicyException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException", "UserPoolAddOnNotEnabledException",
      },
      input = "SetRiskConfigurationRequest",
      output = "SetRiskConfigurationResponse",
    },
    SetUICustomization = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "SetUICustomizationRequest",
      output = "SetUICustomizationResponse",
    },
    SetUserMFAPreference = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "UserNotConfirmedException", "UserNotFoundException",
      },
      input = "SetUserMFAPreferenceRequest",
      output = "SetUserMFAPreferenceResponse",
      unsigned = true,
    },
    SetUserPoolClientSessionConfiguration = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "SetUserPoolClientSessionConfigurationRequest",
      output = "SetUserPoolClientSessionConfigurationResponse",
    },
    SetUserPoolMfaConfig = {
      errors = {
        "ConcurrentModificationException", "FeatureUnavailableInTierException",
        "InternalErrorException", "InvalidParameterException",
        "InvalidSmsRoleAccessPolicyException", "InvalidSmsRoleTrustRelationshipException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "SetUserPoolMfaConfigRequest",
      output = "SetUserPoolMfaConfigResponse",
    },
    SetUserPoolSessionConfiguration = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "SetUserPoolSessionConfigurationRequest",
      output = "SetUserPoolSessionConfigurationResponse",
    },
    SetUserSettings = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "UserNotConfirmedException", "UserNotFoundException",
      },
      input = "SetUserSettingsRequest",
      output = "SetUserSettingsResponse",
      unsigned = true,
    },
    SignUp = {
      errors = {
        "CodeDeliveryFailureException", "ForbiddenException", "InternalErrorException",
        "InvalidEmailRoleAccessPolicyException", "InvalidLambdaResponseException",
        "InvalidParameterException", "InvalidPasswordException",
        "InvalidSmsRoleAccessPolicyException", "InvalidSmsRoleTrustRelationshipException",
        "LimitExceededException", "NotAuthorizedException", "OperationNotEnabledException",
        "ResourceNotFoundException", "TooManyRequestsException", "UnexpectedLambdaException",
        "UserLambdaValidationException", "UsernameExistsException",
      },
      input = "SignUpRequest",
      output = "SignUpResponse",
      unsigned = true,
    },
    StartUserImportJob = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "PreconditionNotMetException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "StartUserImportJobRequest",
      output = "StartUserImportJobResponse",
    },
    StartWebAuthnRegistration = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "LimitExceededException", "NotAuthorizedException", "OperationNotEnabledException",
        "PasswordResetRequiredException", "TooManyRequestsException",
        "WebAuthnConfigurationMissingException", "WebAuthnNotEnabledException",
      },
      input = "StartWebAuthnRegistrationRequest",
      output = "StartWebAuthnRegistrationResponse",
      unsigned = true,
    },
    StopUserImportJob = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "PreconditionNotMetException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "StopUserImportJobRequest",
      output = "StopUserImportJobResponse",
    },
    TagResource = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "TagResourceRequest",
      output = "TagResourceResponse",
    },
    UntagResource = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "UntagResourceRequest",
      output = "UntagResourceResponse",
    },
    UpdateAuthEventFeedback = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotFoundException", "UserPoolAddOnNotEnabledException",
      },
      input = "UpdateAuthEventFeedbackRequest",
      output = "UpdateAuthEventFeedbackResponse",
      unsigned = true,
    },
    UpdateDeviceStatus = {
      errors = {
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "InvalidUserPoolConfigurationException", "NotAuthorizedException",
        "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "TooManyRequestsException", "UserNotConfirmedException",
        "UserNotFoundException",
      },
      input = "UpdateDeviceStatusRequest",
      output = "UpdateDeviceStatusResponse",
      unsigned = true,
    },
    UpdateGroup = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "UpdateGroupRequest",
      output = "UpdateGroupResponse",
    },
    UpdateIdentityProvider = {
      errors = {
        "ConcurrentModificationException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "ResourceNotFoundException", "TooManyRequestsException",
        "UnsupportedIdentityProviderException",
      },
      input = "UpdateIdentityProviderRequest",
      output = "UpdateIdentityProviderResponse",
    },
    UpdateManagedLoginBranding = {
      errors = {
        "ConcurrentModificationException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TooManyRequestsException",
      },
      input = "UpdateManagedLoginBrandingRequest",
      output = "UpdateManagedLoginBrandingResponse",
    },
    UpdateProvisionedLimit = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "ResourceNotFoundException", "ServiceQuotaExceededException", "TooManyRequestsException",
      },
      input = "UpdateProvisionedLimitRequest",
      output = "UpdateProvisionedLimitResponse",
    },
    UpdateResourceServer = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "UpdateResourceServerRequest",
      output = "UpdateResourceServerResponse",
    },
    UpdateTerms = {
      errors = {
        "ConcurrentModificationException", "InternalErrorException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "TermsExistsException", "TooManyRequestsException",
      },
      input = "UpdateTermsRequest",
      output = "UpdateTermsResponse",
    },
    UpdateUserAttributes = {
      errors = {
        "AliasExistsException", "CodeDeliveryFailureException", "CodeMismatchException",
        "ExpiredCodeException", "ForbiddenException", "InternalErrorException",
        "InvalidEmailRoleAccessPolicyException", "InvalidLambdaResponseException",
        "InvalidParameterException", "InvalidSmsRoleAccessPolicyException",
        "InvalidSmsRoleTrustRelationshipException", "NotAuthorizedException",
        "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "TooManyRequestsException", "UnexpectedLambdaException",
        "UserLambdaValidationException", "UserNotConfirmedException", "UserNotFoundException",
      },
      input = "UpdateUserAttributesRequest",
      output = "UpdateUserAttributesResponse",
      unsigned = true,
    },
    UpdateUserPool = {
      errors = {
        "ConcurrentModificationException", "FeatureUnavailableInTierException",
        "InternalErrorException", "InvalidEmailRoleAccessPolicyException",
        "InvalidParameterException", "InvalidSmsRoleAccessPolicyException",
        "InvalidSmsRoleTrustRelationshipException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException",
        "TierChangeNotAllowedException", "TooManyRequestsException",
        "UserImportInProgressException", "UserPoolTaggingException",
      },
      input = "UpdateUserPoolRequest",
      output = "UpdateUserPoolResponse",
    },
    UpdateUserPoolClient = {
      errors = {
        "ConcurrentModificationException", "FeatureUnavailableInTierException",
        "InternalErrorException", "InvalidOAuthFlowException", "InvalidParameterException",
        "NotAuthorizedException", "OperationNotEnabledException", "ResourceNotFoundException",
        "ScopeDoesNotExistException", "TooManyRequestsException",
      },
      input = "UpdateUserPoolClientRequest",
      output = "UpdateUserPoolClientResponse",
    },
    UpdateUserPoolDomain = {
      errors = {
        "ConcurrentModificationException", "FeatureUnavailableInTierException",
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "UpdateUserPoolDomainRequest",
      output = "UpdateUserPoolDomainResponse",
    },
    UpdateUserPoolReplica = {
      errors = {
        "InternalErrorException", "InvalidParameterException", "NotAuthorizedException",
        "OperationNotEnabledException", "ResourceNotFoundException", "TooManyRequestsException",
      },
      input = "UpdateUserPoolReplicaRequest",
      output = "UpdateUserPoolReplicaResponse",
    },
    VerifySoftwareToken = {
      errors = {
        "CodeMismatchException", "EnableSoftwareTokenMFAException", "ForbiddenException",
        "InternalErrorException", "InvalidParameterException",
        "InvalidUserPoolConfigurationException", "NotAuthorizedException",
        "OperationNotEnabledException", "PasswordResetRequiredException",
        "ResourceNotFoundException", "SoftwareTokenMFANotFoundException",
        "TooManyRequestsException", "UserNotConfirmedException", "UserNotFoundException",
      },
      input = "VerifySoftwareTokenRequest",
      output = "VerifySoftwareTokenResponse",
      unsigned = true,
    },
    VerifyUserAttribute = {
      errors = {
        "AliasExistsException", "CodeMismatchException", "ExpiredCodeException",
        "ForbiddenException", "InternalErrorException", "InvalidParameterException",
        "LimitExceededException", "NotAuthorizedException", "OperationNotEnabledException",
        "PasswordResetRequiredException", "ResourceNotFoundException", "TooManyRequestsException",
        "UserNotConfirmedException", "UserNotFoundException",
      },
      input = "VerifyUserAttributeRequest",
      output = "VerifyUserAttributeResponse",
      unsigned = true,
    },
  },
  paginators = {
    AdminListGroupsForUser = {
      input_token = "NextToken",
      limit_key = "Limit",
      output_token = "NextToken",
      result_key = "Groups",
    },
    AdminListUserAuthEvents = {
      input_token = "NextToken",
      limit_key = "MaxResults",
      output_token = "NextToken",
      result_key = "AuthEvents",
    },
    ListGroups = {
      input_token = "NextToken",
      limit_key = "Limit",
      output_token = "NextToken",
      result_key = "Groups",
    },
    ListIdentityProviders = {
      input_token = "NextToken",
      limit_key = "MaxResults",
      output_token = "NextToken",
      result_key = "Providers",
    },
    ListResourceServers = {
      input_token = "NextToken",
      limit_key = "MaxResults",
      output_token = "NextToken",
      result_key = "ResourceServers",
    },
    ListUserPoolClients = {
      input_token = "NextToken",
      limit_key = "MaxResults",
      output_token = "NextToken",
      result_key = "UserPoolClients",
    },
    ListUserPools = {
      input_token = "NextToken",
      limit_key = "MaxResults",
      output_token = "NextToken",
      result_key = "UserPools",
    },
    ListUsers = {
      input_token = "PaginationToken",
      limit_key = "Limit",
      output_token = "PaginationToken",
      result_key = "Users",
    },
    ListUsersInGroup = {
      input_token = "NextToken",
      limit_key = "Limit",
      output_token = "NextToken",
      result_key = "Users",
    },
  },
  service = {
    api_version = "2016-04-18",
    endpoint_prefix = "cognito-idp",
    json_version = "1.1",
    service_id = "Cognito Identity Provider",
    signing_name = "cognito-idp",
    target_prefix = "AWSCognitoIdentityProviderService",
  },
  shapes = {
    AWSAccountIdType = { max = 12, pattern = "[0-9]+", type = "string" },
    AccessDeniedException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    AccessTokenValidityType = { max = 86400, min = 1, type = "integer" },
    AccountRecoverySettingType = {
      members = {
        RecoveryMechanisms = { shape = "RecoveryMechanismsType" },
      },
      type = "structure",
    },
    AccountTakeoverActionNotifyType = { type = "boolean" },
    AccountTakeoverActionType = {
      members = {
        EventAction = { required = true, shape = "AccountTakeoverEventActionType" },
        Notify = { required = true, shape = "AccountTakeoverActionNotifyType" },
      },
      type = "structure",
    },
    AccountTakeoverActionsType = {
      members = {
        HighAction = { shape = "AccountTakeoverActionType" },
        LowAction = { shape = "AccountTakeoverActionType" },
        MediumAction = { shape = "AccountTakeoverActionType" },
      },
      type = "structure",
    },
    AccountTakeoverEventActionType = {
      enum = { "BLOCK", "MFA_IF_CONFIGURED", "MFA_REQUIRED", "NO_ACTION" },
      type = "string",
    },
    AccountTakeoverRiskConfigurationType = {
      members = {
        Actions = { required = true, shape = "AccountTakeoverActionsType" },
        NotifyConfiguration = { shape = "NotifyConfigurationType" },
      },
      type = "structure",
    },
    AcrLevelConfigType = {
      members = {
        AcrValue = { required = true, shape = "StringType" },
      },
      type = "structure",
    },
    AddCustomAttributesRequest = {
      members = {
        CustomAttributes = { required = true, shape = "CustomAttributesListType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    AddCustomAttributesResponse = {
      members = {},
      type = "structure",
    },
    AddUserPoolClientSecretRequest = {
      members = {
        ClientId = { required = true, shape = "ClientIdType" },
        ClientSecret = { shape = "ClientSecretType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    AddUserPoolClientSecretResponse = {
      members = {
        ClientSecretDescriptor = { shape = "ClientSecretDescriptorType" },
      },
      type = "structure",
    },
    AdminAddUserToGroupRequest = {
      members = {
        GroupName = { required = true, shape = "GroupNameType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminConfirmSignUpRequest = {
      members = {
        ClientMetadata = { shape = "ClientMetadataType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminConfirmSignUpResponse = {
      members = {},
      type = "structure",
    },
    AdminCreateUserConfigType = {
      members = {
        AllowAdminCreateUserOnly = { shape = "BooleanType" },
        InviteMessageTemplate = { shape = "MessageTemplateType" },
        UnusedAccountValidityDays = { shape = "AdminCreateUserUnusedAccountValidityDaysType" },
      },
      type = "structure",
    },
    AdminCreateUserRequest = {
      members = {
        ClientMetadata = { shape = "ClientMetadataType" },
        DesiredDeliveryMediums = { shape = "DeliveryMediumListType" },
        ForceAliasCreation = { shape = "ForceAliasCreation" },
        MessageAction = { shape = "MessageActionType" },
        TemporaryPassword = { shape = "PasswordType" },
        UserAttributes = { shape = "AttributeListType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
        ValidationData = { shape = "AttributeListType" },
      },
      type = "structure",
    },
    AdminCreateUserResponse = {
      members = {
        User = { shape = "UserType" },
      },
      type = "structure",
    },
    AdminCreateUserUnusedAccountValidityDaysType = { max = 365, min = 0, type = "integer" },
    AdminDeleteSoftwareTokenRequest = {
      members = {
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminDeleteSoftwareTokenResponse = {
      members = {},
      type = "structure",
    },
    AdminDeleteUserAttributesRequest = {
      members = {
        UserAttributeNames = { required = true, shape = "AttributeNameListType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminDeleteUserAttributesResponse = {
      members = {},
      type = "structure",
    },
    AdminDeleteUserRequest = {
      members = {
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminDisableProviderForUserRequest = {
      members = {
        User = { required = true, shape = "ProviderUserIdentifierType" },
        UserPoolId = { required = true, shape = "StringType" },
      },
      type = "structure",
    },
    AdminDisableProviderForUserResponse = {
      members = {},
      type = "structure",
    },
    AdminDisableUserRequest = {
      members = {
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminDisableUserResponse = {
      members = {},
      type = "structure",
    },
    AdminEnableUserRequest = {
      members = {
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminEnableUserResponse = {
      members = {},
      type = "structure",
    },
    AdminForgetDeviceRequest = {
      members = {
        DeviceKey = { required = true, shape = "DeviceKeyType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminGetDeviceRequest = {
      members = {
        DeviceKey = { required = true, shape = "DeviceKeyType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminGetDeviceResponse = {
      members = {
        Device = { required = true, shape = "DeviceType" },
      },
      type = "structure",
    },
    AdminGetUserAuthFactorsRequest = {
      members = {
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminGetUserAuthFactorsResponse = {
      members = {
        ConfiguredUserAuthFactors = { shape = "ConfiguredUserAuthFactorsListType" },
        PreferredMfaSetting = { shape = "StringType" },
        UserMFASettingList = { shape = "UserMFASettingListType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminGetUserRequest = {
      members = {
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminGetUserResponse = {
      members = {
        Enabled = { shape = "BooleanType" },
        MFAOptions = { shape = "MFAOptionListType" },
        PreferredMfaSetting = { shape = "StringType" },
        UserAttributes = { shape = "AttributeListType" },
        UserCreateDate = { shape = "DateType" },
        UserLastModifiedDate = { shape = "DateType" },
        UserMFASettingList = { shape = "UserMFASettingListType" },
        UserStatus = { shape = "UserStatusType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminInitiateAuthRequest = {
      members = {
        AnalyticsMetadata = { shape = "AnalyticsMetadataType" },
        AuthFlow = { required = true, shape = "AuthFlowType" },
        AuthParameters = { shape = "AuthParametersType" },
        ClientId = { required = true, shape = "ClientIdType" },
        ClientMetadata = { shape = "ClientMetadataType" },
        ContextData = { shape = "ContextDataType" },
        Session = { shape = "SessionType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    AdminInitiateAuthResponse = {
      members = {
        AuthenticationResult = { shape = "AuthenticationResultType" },
        AvailableChallenges = { shape = "AvailableChallengeListType" },
        ChallengeName = { shape = "ChallengeNameType" },
        ChallengeParameters = { shape = "ChallengeParametersType" },
        Session = { shape = "SessionType" },
      },
      type = "structure",
    },
    AdminLinkProviderForUserRequest = {
      members = {
        DestinationUser = { required = true, shape = "ProviderUserIdentifierType" },
        SourceUser = { required = true, shape = "ProviderUserIdentifierType" },
        UserPoolId = { required = true, shape = "StringType" },
      },
      type = "structure",
    },
    AdminLinkProviderForUserResponse = {
      members = {},
      type = "structure",
    },
    AdminListDevicesRequest = {
      members = {
        Limit = { shape = "QueryLimitType" },
        PaginationToken = { shape = "SearchPaginationTokenType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminListDevicesResponse = {
      members = {
        Devices = { shape = "DeviceListType" },
        PaginationToken = { shape = "SearchPaginationTokenType" },
      },
      type = "structure",
    },
    AdminListGroupsForUserRequest = {
      members = {
        Limit = { shape = "QueryLimitType" },
        NextToken = { shape = "PaginationKey" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminListGroupsForUserResponse = {
      members = {
        Groups = { shape = "GroupListType" },
        NextToken = { shape = "PaginationKey" },
      },
      type = "structure",
    },
    AdminListUserAuthEventsRequest = {
      members = {
        MaxResults = { shape = "QueryLimitType" },
        NextToken = { shape = "PaginationKey" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminListUserAuthEventsResponse = {
      members = {
        AuthEvents = { shape = "AuthEventsType" },
        NextToken = { shape = "PaginationKey" },
      },
      type = "structure",
    },
    AdminListUserSessionsRequest = {
      members = {
        NextToken = { shape = "PaginationKey" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminListUserSessionsResponse = {
      members = {
        NextToken = { shape = "PaginationKey" },
        Sessions = { shape = "SessionDescriptionListType" },
      },
      type = "structure",
    },
    AdminRemoveUserFromGroupRequest = {
      members = {
        GroupName = { required = true, shape = "GroupNameType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminResetUserPasswordRequest = {
      members = {
        ClientMetadata = { shape = "ClientMetadataType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminResetUserPasswordResponse = {
      members = {},
      type = "structure",
    },
    AdminRespondToAuthChallengeRequest = {
      members = {
        AnalyticsMetadata = { shape = "AnalyticsMetadataType" },
        ChallengeName = { required = true, shape = "ChallengeNameType" },
        ChallengeResponses = { shape = "ChallengeResponsesType" },
        ClientId = { required = true, shape = "ClientIdType" },
        ClientMetadata = { shape = "ClientMetadataType" },
        ContextData = { shape = "ContextDataType" },
        Session = { shape = "SessionType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    AdminRespondToAuthChallengeResponse = {
      members = {
        AuthenticationResult = { shape = "AuthenticationResultType" },
        AvailableChallenges = { shape = "AvailableChallengeListType" },
        ChallengeName = { shape = "ChallengeNameType" },
        ChallengeParameters = { shape = "ChallengeParametersType" },
        Session = { shape = "SessionType" },
      },
      type = "structure",
    },
    AdminRevokeUserSessionRequest = {
      members = {
        RevokeAssociatedSessions = { shape = "StringType" },
        SessionId = { required = true, shape = "StringType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminRevokeUserSessionResponse = {
      members = {},
      type = "structure",
    },
    AdminSetUserMFAPreferenceRequest = {
      members = {
        EmailMfaSettings = { shape = "EmailMfaSettingsType" },
        SMSMfaSettings = { shape = "SMSMfaSettingsType" },
        SoftwareTokenMfaSettings = { shape = "SoftwareTokenMfaSettingsType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
        WebAuthnMfaSettings = { shape = "WebAuthnMfaSettingsType" },
      },
      type = "structure",
    },
    AdminSetUserMFAPreferenceResponse = {
      members = {},
      type = "structure",
    },
    AdminSetUserPasswordRequest = {
      members = {
        Password = { required = true, shape = "PasswordType" },
        Permanent = { shape = "BooleanType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminSetUserPasswordResponse = {
      members = {},
      type = "structure",
    },
    AdminSetUserSettingsRequest = {
      members = {
        MFAOptions = { required = true, shape = "MFAOptionListType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminSetUserSettingsResponse = {
      members = {},
      type = "structure",
    },
    AdminUpdateAuthEventFeedbackRequest = {
      members = {
        EventId = { required = true, shape = "EventIdType" },
        FeedbackValue = { required = true, shape = "FeedbackValueType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminUpdateAuthEventFeedbackResponse = {
      members = {},
      type = "structure",
    },
    AdminUpdateDeviceStatusRequest = {
      members = {
        DeviceKey = { required = true, shape = "DeviceKeyType" },
        DeviceRememberedStatus = { shape = "DeviceRememberedStatusType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminUpdateDeviceStatusResponse = {
      members = {},
      type = "structure",
    },
    AdminUpdateUserAttributesRequest = {
      members = {
        ClientMetadata = { shape = "ClientMetadataType" },
        UserAttributes = { required = true, shape = "AttributeListType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminUpdateUserAttributesResponse = {
      members = {},
      type = "structure",
    },
    AdminUserGlobalSignOutRequest = {
      members = {
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    AdminUserGlobalSignOutResponse = {
      members = {},
      type = "structure",
    },
    AdvancedSecurityAdditionalFlowsType = {
      members = {
        CustomAuthMode = { shape = "AdvancedSecurityEnabledModeType" },
      },
      type = "structure",
    },
    AdvancedSecurityEnabledModeType = {
      enum = { "AUDIT", "ENFORCED" },
      type = "string",
    },
    AdvancedSecurityModeType = {
      enum = { "AUDIT", "ENFORCED", "OFF" },
      type = "string",
    },
    AliasAttributeType = {
      enum = { "email", "phone_number", "preferred_username" },
      type = "string",
    },
    AliasAttributesListType = { element = "AliasAttributeType", type = "list" },
    AliasExistsException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    AllowedFirstAuthFactorsListType = { element = "AuthFactorType", max = 5, min = 1, type = "list" },
    AnalyticsConfigurationType = {
      members = {
        ApplicationArn = { shape = "ArnType" },
        ApplicationId = { shape = "HexStringType" },
        ExternalId = { shape = "StringType" },
        RoleArn = { shape = "ArnType" },
        UserDataShared = { shape = "BooleanType" },
      },
      type = "structure",
    },
    AnalyticsMetadataType = {
      members = {
        AnalyticsEndpointId = { shape = "StringType" },
      },
      type = "structure",
    },
    ArnType = {
      max = 2048,
      min = 20,
      pattern = "arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?",
      type = "string",
    },
    AssetBytesType = { max = 1000000, type = "blob" },
    AssetCategoryType = {
      enum = {
        "AUTH_APP_GRAPHIC", "EMAIL_GRAPHIC", "FAVICON_ICO", "FAVICON_SVG", "FORM_BACKGROUND",
        "FORM_LOGO", "IDP_BUTTON_ICON", "PAGE_BACKGROUND", "PAGE_FOOTER_BACKGROUND",
        "PAGE_FOOTER_LOGO", "PAGE_HEADER_BACKGROUND", "PAGE_HEADER_LOGO", "PASSKEY_GRAPHIC",
        "PASSWORD_GRAPHIC", "SMS_GRAPHIC",
      },
      type = "string",
    },
    AssetExtensionType = {
      enum = { "ICO", "JPEG", "PNG", "SVG", "WEBP" },
      type = "string",
    },
    AssetListType = { element = "AssetType", max = 40, min = 0, type = "list" },
    AssetType = {
      members = {
        Bytes = { shape = "AssetBytesType" },
        Category = { required = true, shape = "AssetCategoryType" },
        ColorMode = { required = true, shape = "ColorSchemeModeType" },
        Extension = { required = true, shape = "AssetExtensionType" },
        ResourceId = { shape = "ResourceIdType" },
      },
      type = "structure",
    },
    AssociateSoftwareTokenRequest = {
      members = {
        AccessToken = { shape = "TokenModelType" },
        Session = { shape = "SessionType" },
      },
      type = "structure",
    },
    AssociateSoftwareTokenResponse = {
      members = {
        SecretCode = { shape = "SecretCodeType" },
        Session = { shape = "SessionType" },
      },
      type = "structure",
    },
    AttributeDataType = {
      enum = { "Boolean", "DateTime", "Number", "String" },
      type = "string",
    },
    AttributeListType = { element = "AttributeType", type = "list" },
    AttributeMappingKeyType = { max = 32, min = 1, type = "string" },
    AttributeMappingType = { type = "map", value = "StringType" },
    AttributeNameListType = { element = "AttributeNameType", type = "list" },
    AttributeNameType = {
      max = 32,
      min = 1,
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r ]+",
      type = "string",
    },
    AttributeType = {
      members = {
        Name = { required = true, shape = "AttributeNameType" },
        Value = { shape = "AttributeValueType" },
      },
      type = "structure",
    },
    AttributeValueType = { max = 2048, sensitive = true, type = "string" },
    AttributesRequireVerificationBeforeUpdateType = { element = "VerifiedAttributeType", type = "list" },
    AuthEventType = {
      members = {
        ChallengeResponses = { shape = "ChallengeResponseListType" },
        CreationDate = { shape = "DateType" },
        EventContextData = { shape = "EventContextDataType" },
        EventFeedback = { shape = "EventFeedbackType" },
        EventId = { shape = "StringType" },
        EventResponse = { shape = "EventResponseType" },
        EventRisk = { shape = "EventRiskType" },
        EventType = { shape = "EventType" },
      },
      type = "structure",
    },
    AuthEventsType = { element = "AuthEventType", type = "list" },
    AuthFactorType = {
      enum = { "EMAIL_OTP", "PASSWORD", "SMS_OTP", "SOFTWARE_TOKEN", "WEB_AUTHN" },
      type = "string",
    },
    AuthFlowType = {
      enum = {
        "ADMIN_NO_SRP_AUTH", "ADMIN_USER_PASSWORD_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN",
        "REFRESH_TOKEN_AUTH", "USER_AUTH", "USER_PASSWORD_AUTH", "USER_SRP_AUTH",
      },
      type = "string",
    },
    AuthParametersType = { sensitive = true, type = "map", value = "StringType" },
    AuthSessionValidityType = { max = 15, min = 3, type = "integer" },
    AuthenticationResultType = {
      members = {
        AccessToken = { shape = "TokenModelType" },
        ExpiresIn = { shape = "IntegerType" },
        IdToken = { shape = "TokenModelType" },
        NewDeviceMetadata = { shape = "NewDeviceMetadataType" },
        RefreshToken = { shape = "TokenModelType" },
        TokenType = { shape = "StringType" },
      },
      type = "structure",
    },
    AvailableChallengeListType = { element = "ChallengeNameType", type = "list" },
    BlockedIPRangeListType = { element = "StringType", max = 200, type = "list" },
    BooleanType = { type = "boolean" },
    CSSType = { max = 131072, min = 0, type = "string" },
    CSSVersionType = { type = "string" },
    CallbackURLsListType = { element = "RedirectUrlType", max = 100, min = 0, type = "list" },
    ChallengeName = {
      enum = { "Mfa", "Password" },
      type = "string",
    },
    ChallengeNameType = {
      enum = {
        "ADMIN_NO_SRP_AUTH", "CUSTOM_CHALLENGE", "DEVICE_PASSWORD_VERIFIER", "DEVICE_SRP_AUTH",
        "EMAIL_OTP", "MFA_SETUP", "NEW_PASSWORD_REQUIRED", "PASSWORD", "PASSWORD_SRP",
        "PASSWORD_VERIFIER", "SELECT_CHALLENGE", "SELECT_MFA_TYPE", "SMS_MFA", "SMS_OTP",
        "SOFTWARE_TOKEN_MFA", "WEB_AUTHN",
      },
      type = "string",
    },
    ChallengeParametersType = { type = "map", value = "StringType" },
    ChallengeResponse = {
      enum = { "Failure", "Success" },
      type = "string",
    },
    ChallengeResponseListType = { element = "ChallengeResponseType", type = "list" },
    ChallengeResponseType = {
      members = {
        ChallengeName = { shape = "ChallengeName" },
        ChallengeResponse = { shape = "ChallengeResponse" },
      },
      type = "structure",
    },
    ChallengeResponsesType = { sensitive = true, type = "map", value = "StringType" },
    ChangePasswordRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        PreviousPassword = { shape = "PasswordType" },
        ProposedPassword = { required = true, shape = "PasswordType" },
      },
      type = "structure",
    },
    ChangePasswordResponse = {
      members = {},
      type = "structure",
    },
    ClientAuthenticationResultType = {
      members = {
        AccessToken = { shape = "TokenModelType" },
        ExpiresIn = { shape = "IntegerType" },
        TokenType = { shape = "StringType" },
      },
      type = "structure",
    },
    ClientIdType = {
      max = 128,
      min = 1,
      pattern = "[\\w+]+",
      sensitive = true,
      type = "string",
    },
    ClientMetadataType = { type = "map", value = "StringType" },
    ClientNameType = { max = 128, min = 1, pattern = "[\\w\\s+=,.@-]+", type = "string" },
    ClientPermissionListType = { element = "ClientPermissionType", type = "list" },
    ClientPermissionType = { max = 2048, min = 1, type = "string" },
    ClientSSOSessionConfigType = {
      members = {
        MaxValidityMinutes = { required = true, shape = "IntegerType" },
      },
      type = "structure",
    },
    ClientSecretDescriptorListType = { element = "ClientSecretDescriptorType", type = "list" },
    ClientSecretDescriptorType = {
      members = {
        ClientSecretCreateDate = { shape = "DateType" },
        ClientSecretId = { shape = "ClientSecretIdType" },
        ClientSecretValue = { shape = "ClientSecretType" },
      },
      type = "structure",
    },
    ClientSecretIdType = { max = 128, min = 1, type = "string" },
    ClientSecretType = {
      max = 64,
      min = 24,
      pattern = "[\\w+]+",
      sensitive = true,
      type = "string",
    },
    CloudWatchLogsConfigurationType = {
      members = {
        LogGroupArn = { shape = "ArnType" },
      },
      type = "structure",
    },
    CodeDeliveryDetailsListType = { element = "CodeDeliveryDetailsType", type = "list" },
    CodeDeliveryDetailsType = {
      members = {
        AttributeName = { shape = "AttributeNameType" },
        DeliveryMedium = { shape = "DeliveryMediumType" },
        Destination = { shape = "StringType" },
      },
      type = "structure",
    },
    CodeDeliveryFailureException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    CodeMismatchException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    ColorSchemeModeType = {
      enum = { "DARK", "DYNAMIC", "LIGHT" },
      type = "string",
    },
    CompleteWebAuthnRegistrationRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        Credential = { required = true, shape = "Document" },
      },
      type = "structure",
    },
    CompleteWebAuthnRegistrationResponse = {
      members = {},
      type = "structure",
    },
    CompletionMessageType = { max = 128, min = 1, pattern = "[\\w]+", type = "string" },
    CompromisedCredentialsActionsType = {
      members = {
        EventAction = {
          required = true,
          shape = "CompromisedCredentialsEventActionType",
        },
      },
      type = "structure",
    },
    CompromisedCredentialsEventActionType = {
      enum = { "BLOCK", "NO_ACTION" },
      type = "string",
    },
    CompromisedCredentialsRiskConfigurationType = {
      members = {
        Actions = { required = true, shape = "CompromisedCredentialsActionsType" },
        EventFilter = { shape = "EventFiltersType" },
      },
      type = "structure",
    },
    ConcurrentModificationException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    ConfiguredUserAuthFactorsListType = { element = "AuthFactorType", max = 8, min = 0, type = "list" },
    ConfirmDeviceRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        DeviceKey = { required = true, shape = "DeviceKeyType" },
        DeviceName = { shape = "DeviceNameType" },
        DeviceSecretVerifierConfig = { shape = "DeviceSecretVerifierConfigType" },
      },
      type = "structure",
    },
    ConfirmDeviceResponse = {
      members = {
        UserConfirmationNecessary = { shape = "BooleanType" },
      },
      type = "structure",
    },
    ConfirmForgotPasswordRequest = {
      members = {
        AnalyticsMetadata = { shape = "AnalyticsMetadataType" },
        ClientId = { required = true, shape = "ClientIdType" },
        ClientMetadata = { shape = "ClientMetadataType" },
        ConfirmationCode = { required = true, shape = "ConfirmationCodeType" },
        Password = { required = true, shape = "PasswordType" },
        SecretHash = { shape = "SecretHashType" },
        UserContextData = { shape = "UserContextDataType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    ConfirmForgotPasswordResponse = {
      members = {},
      type = "structure",
    },
    ConfirmSignUpRequest = {
      members = {
        AnalyticsMetadata = { shape = "AnalyticsMetadataType" },
        ClientId = { required = true, shape = "ClientIdType" },
        ClientMetadata = { shape = "ClientMetadataType" },
        ConfirmationCode = { required = true, shape = "ConfirmationCodeType" },
        ForceAliasCreation = { shape = "ForceAliasCreation" },
        SecretHash = { shape = "SecretHashType" },
        Session = { shape = "SessionType" },
        UserContextData = { shape = "UserContextDataType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    ConfirmSignUpResponse = {
      members = {
        Session = { shape = "SessionType" },
      },
      type = "structure",
    },
    ConfirmationCodeType = { max = 2048, min = 1, pattern = "[\\S]+", type = "string" },
    ContextDataType = {
      members = {
        EncodedData = { shape = "StringType" },
        HttpHeaders = { required = true, shape = "HttpHeaderList" },
        IpAddress = { required = true, shape = "StringType" },
        ServerName = { required = true, shape = "StringType" },
        ServerPath = { required = true, shape = "StringType" },
      },
      type = "structure",
    },
    CreateGroupRequest = {
      members = {
        Description = { shape = "DescriptionType" },
        GroupName = { required = true, shape = "GroupNameType" },
        Precedence = { shape = "PrecedenceType" },
        RoleArn = { shape = "ArnType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    CreateGroupResponse = {
      members = {
        Group = { shape = "GroupType" },
      },
      type = "structure",
    },
    CreateIdentityProviderRequest = {
      members = {
        AcrMapping = { shape = "ClientMetadataType" },
        AttributeMapping = { shape = "AttributeMappingType" },
        IdpIdentifiers = { shape = "IdpIdentifiersListType" },
        ProviderDetails = { required = true, shape = "ProviderDetailsType" },
        ProviderName = { required = true, shape = "ProviderNameTypeV2" },
        ProviderType = { required = true, shape = "IdentityProviderTypeType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    CreateIdentityProviderResponse = {
      members = {
        IdentityProvider = { required = true, shape = "IdentityProviderType" },
      },
      type = "structure",
    },
    CreateManagedLoginBrandingRequest = {
      members = {
        Assets = { shape = "AssetListType" },
        ClientId = { required = true, shape = "ClientIdType" },
        Settings = { shape = "Document" },
        UseCognitoProvidedValues = { shape = "BooleanType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    CreateManagedLoginBrandingResponse = {
      members = {
        ManagedLoginBranding = { shape = "ManagedLoginBrandingType" },
      },
      type = "structure",
    },
    CreateResourceServerRequest = {
      members = {
        Identifier = { required = true, shape = "ResourceServerIdentifierType" },
        Name = { required = true, shape = "ResourceServerNameType" },
        Scopes = { shape = "ResourceServerScopeListType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    CreateResourceServerResponse = {
      members = {
        ResourceServer = { required = true, shape = "ResourceServerType" },
      },
      type = "structure",
    },
    CreateTermsRequest = {
      members = {
        ClientId = { required = true, shape = "ClientIdType" },
        Enforcement = { required = true, shape = "TermsEnforcementType" },
        Links = { shape = "LinksType" },
        TermsName = { required = true, shape = "TermsNameType" },
        TermsSource = { required = true, shape = "TermsSourceType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    CreateTermsResponse = {
      members = {
        Terms = { shape = "TermsType" },
      },
      type = "structure",
    },
    CreateUserImportJobRequest = {
      members = {
        CloudWatchLogsRoleArn = { required = true, shape = "ArnType" },
        JobName = { required = true, shape = "UserImportJobNameType" },
        PasswordHashingAlgorithm = { shape = "PasswordHashingAlgorithmType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    CreateUserImportJobResponse = {
      members = {
        UserImportJob = { shape = "UserImportJobType" },
      },
      type = "structure",
    },
    CreateUserPoolClientRequest = {
      members = {
        AccessTokenValidity = { shape = "AccessTokenValidityType" },
        AllowedOAuthFlows = { shape = "OAuthFlowsType" },
        AllowedOAuthFlowsUserPoolClient = { shape = "BooleanType" },
        AllowedOAuthScopes = { shape = "ScopeListType" },
        AnalyticsConfiguration = { shape = "AnalyticsConfigurationType" },
        AuthSessionValidity = { shape = "AuthSessionValidityType" },
        CallbackURLs = { shape = "CallbackURLsListType" },
        ClientName = { required = true, shape = "ClientNameType" },
        ClientSecret = { shape = "ClientSecretType" },
        DefaultRedirectURI = { shape = "RedirectUrlType" },
        EnablePropagateAdditionalUserContextData = { shape = "WrappedBooleanType" },
        EnableTokenRevocation = { shape = "WrappedBooleanType" },
        ExplicitAuthFlows = { shape = "ExplicitAuthFlowsListType" },
        GenerateSecret = { shape = "GenerateSecret" },
        IdTokenValidity = { shape = "IdTokenValidityType" },
        LogoutURLs = { shape = "LogoutURLsListType" },
        PreventUserExistenceErrors = { shape = "PreventUserExistenceErrorTypes" },
        ReadAttributes = { shape = "ClientPermissionListType" },
        RefreshTokenRotation = { shape = "RefreshTokenRotationType" },
        RefreshTokenValidity = { shape = "RefreshTokenValidityType" },
        SupportedIdentityProviders = { shape = "SupportedIdentityProvidersListType" },
        TokenValidityUnits = { shape = "TokenValidityUnitsType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        WriteAttributes = { shape = "ClientPermissionListType" },
      },
      type = "structure",
    },
    CreateUserPoolClientResponse = {
      members = {
        UserPoolClient = { shape = "UserPoolClientType" },
      },
      type = "structure",
    },
    CreateUserPoolDomainRequest = {
      members = {
        CustomDomainConfig = { shape = "CustomDomainConfigType" },
        Domain = { required = true, shape = "DomainType" },
        ManagedLoginVersion = { shape = "WrappedIntegerType" },
        Routing = { shape = "RoutingType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    CreateUserPoolDomainResponse = {
      members = {
        CloudFrontDomain = { shape = "DomainType" },
        ManagedLoginVersion = { shape = "WrappedIntegerType" },
        Routing = { shape = "RoutingType" },
      },
      type = "structure",
    },
    CreateUserPoolReplicaRequest = {
      members = {
        RegionName = { required = true, shape = "RegionNameType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        UserPoolTags = { shape = "UserPoolTagsType" },
      },
      type = "structure",
    },
    CreateUserPoolReplicaResponse = {
      members = {
        UserPoolReplica = { shape = "UserPoolReplicaType" },
      },
      type = "structure",
    },
    CreateUserPoolRequest = {
      members = {
        AccountRecoverySetting = { shape = "AccountRecoverySettingType" },
        AcrConfiguration = { shape = "MapOfAcrLevelConfigType" },
        AdminCreateUserConfig = { shape = "AdminCreateUserConfigType" },
        AliasAttributes = { shape = "AliasAttributesListType" },
        AutoVerifiedAttributes = { shape = "VerifiedAttributesListType" },
        DcrConfiguration = { shape = "DcrConfigurationType" },
        DeletionProtection = { shape = "DeletionProtectionType" },
        DeviceConfiguration = { shape = "DeviceConfigurationType" },
        EmailConfiguration = { shape = "EmailConfigurationType" },
        EmailVerificationMessage = { shape = "EmailVerificationMessageType" },
        EmailVerificationSubject = { shape = "EmailVerificationSubjectType" },
        IssuerConfiguration = { shape = "IssuerConfigurationType" },
        KeyConfiguration = { shape = "KeyConfigurationType" },
        LambdaConfig = { shape = "LambdaConfigType" },
        MfaConfiguration = { shape = "UserPoolMfaType" },
        Policies = { shape = "UserPoolPolicyType" },
        PoolName = { required = true, shape = "UserPoolNameType" },
        Schema = { shape = "SchemaAttributesListType" },
        SmsAuthenticationMessage = { shape = "SmsVerificationMessageType" },
        SmsConfiguration = { shape = "SmsConfigurationType" },
        SmsVerificationMessage = { shape = "SmsVerificationMessageType" },
        UserAttributeUpdateSettings = { shape = "UserAttributeUpdateSettingsType" },
        UserPoolAddOns = { shape = "UserPoolAddOnsType" },
        UserPoolTags = { shape = "UserPoolTagsType" },
        UserPoolTier = { shape = "UserPoolTierType" },
        UsernameAttributes = { shape = "UsernameAttributesListType" },
        UsernameConfiguration = { shape = "UsernameConfigurationType" },
        VerificationMessageTemplate = { shape = "VerificationMessageTemplateType" },
      },
      type = "structure",
    },
    CreateUserPoolResponse = {
      members = {
        UserPool = { shape = "UserPoolType" },
      },
      type = "structure",
    },
    CustomAttributeNameType = {
      max = 20,
      min = 1,
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
      type = "string",
    },
    CustomAttributesListType = { element = "SchemaAttributeType", max = 25, min = 1, type = "list" },
    CustomDomainConfigType = {
      members = {
        CertificateArn = { required = true, shape = "ArnType" },
        SecurityPolicy = { shape = "SecurityPolicyType" },
      },
      type = "structure",
    },
    CustomEmailLambdaVersionConfigType = {
      members = {
        LambdaArn = { required = true, shape = "ArnType" },
        LambdaVersion = { required = true, shape = "CustomEmailSenderLambdaVersionType" },
      },
      type = "structure",
    },
    CustomEmailSenderLambdaVersionType = {
      enum = { "V1_0" },
      type = "string",
    },
    CustomSMSLambdaVersionConfigType = {
      members = {
        LambdaArn = { required = true, shape = "ArnType" },
        LambdaVersion = { required = true, shape = "CustomSMSSenderLambdaVersionType" },
      },
      type = "structure",
    },
    CustomSMSSenderLambdaVersionType = {
      enum = { "V1_0" },
      type = "string",
    },
    DateType = { type = "timestamp" },
    DcrConfigurationType = {
      members = {
        AllowedScopes = { shape = "ListOfStringTypes" },
        AuthenticatedGrantTypes = { shape = "ListOfStringTypes" },
        EnableStatus = { shape = "StringType" },
        OpenDcrEnabled = { shape = "BooleanType" },
        OpenDcrGrantTypes = { shape = "ListOfStringTypes" },
      },
      type = "structure",
    },
    DefaultEmailOptionType = {
      enum = { "CONFIRM_WITH_CODE", "CONFIRM_WITH_LINK" },
      type = "string",
    },
    DeleteGroupRequest = {
      members = {
        GroupName = { required = true, shape = "GroupNameType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DeleteIdentityProviderRequest = {
      members = {
        ProviderName = { required = true, shape = "ProviderNameType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DeleteManagedLoginBrandingRequest = {
      members = {
        ManagedLoginBrandingId = { required = true, shape = "ManagedLoginBrandingIdType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DeleteResourceServerRequest = {
      members = {
        Identifier = { required = true, shape = "ResourceServerIdentifierType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DeleteTermsRequest = {
      members = {
        TermsId = { required = true, shape = "TermsIdType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DeleteUserAttributesRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        UserAttributeNames = { required = true, shape = "AttributeNameListType" },
      },
      type = "structure",
    },
    DeleteUserAttributesResponse = {
      members = {},
      type = "structure",
    },
    DeleteUserPoolClientRequest = {
      members = {
        ClientId = { required = true, shape = "ClientIdType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DeleteUserPoolClientSecretRequest = {
      members = {
        ClientId = { required = true, shape = "ClientIdType" },
        ClientSecretId = { required = true, shape = "ClientSecretIdType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DeleteUserPoolClientSecretResponse = {
      members = {},
      type = "structure",
    },
    DeleteUserPoolDomainRequest = {
      members = {
        Domain = { required = true, shape = "DomainType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DeleteUserPoolDomainResponse = {
      members = {},
      type = "structure",
    },
    DeleteUserPoolReplicaRequest = {
      members = {
        RegionName = { required = true, shape = "RegionNameType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DeleteUserPoolReplicaResponse = {
      members = {
        UserPoolReplica = { shape = "UserPoolReplicaType" },
      },
      type = "structure",
    },
    DeleteUserPoolRequest = {
      members = {
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DeleteUserRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
      },
      type = "structure",
    },
    DeleteWebAuthnCredentialRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        CredentialId = { required = true, shape = "StringType" },
      },
      type = "structure",
    },
    DeleteWebAuthnCredentialResponse = {
      members = {},
      type = "structure",
    },
    DeletionProtectionType = {
      enum = { "ACTIVE", "INACTIVE" },
      type = "string",
    },
    DeliveryMediumListType = { element = "DeliveryMediumType", type = "list" },
    DeliveryMediumType = {
      enum = { "EMAIL", "SMS" },
      type = "string",
    },
    DescribeIdentityProviderRequest = {
      members = {
        ProviderName = { required = true, shape = "ProviderNameType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DescribeIdentityProviderResponse = {
      members = {
        IdentityProvider = { required = true, shape = "IdentityProviderType" },
      },
      type = "structure",
    },
    DescribeManagedLoginBrandingByClientRequest = {
      members = {
        ClientId = { required = true, shape = "ClientIdType" },
        ReturnMergedResources = { shape = "BooleanType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DescribeManagedLoginBrandingByClientResponse = {
      members = {
        ManagedLoginBranding = { shape = "ManagedLoginBrandingType" },
      },
      type = "structure",
    },
    DescribeManagedLoginBrandingRequest = {
      members = {
        ManagedLoginBrandingId = { required = true, shape = "ManagedLoginBrandingIdType" },
        ReturnMergedResources = { shape = "BooleanType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DescribeManagedLoginBrandingResponse = {
      members = {
        ManagedLoginBranding = { shape = "ManagedLoginBrandingType" },
      },
      type = "structure",
    },
    DescribeResourceServerRequest = {
      members = {
        Identifier = { required = true, shape = "ResourceServerIdentifierType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DescribeResourceServerResponse = {
      members = {
        ResourceServer = { required = true, shape = "ResourceServerType" },
      },
      type = "structure",
    },
    DescribeRiskConfigurationRequest = {
      members = {
        ClientId = { shape = "ClientIdType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DescribeRiskConfigurationResponse = {
      members = {
        RiskConfiguration = { required = true, shape = "RiskConfigurationType" },
      },
      type = "structure",
    },
    DescribeTermsByClientRequest = {
      members = {
        ClientId = { required = true, shape = "ClientIdType" },
        TermsName = { required = true, shape = "TermsNameType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DescribeTermsByClientResponse = {
      members = {
        Terms = { shape = "TermsType" },
      },
      type = "structure",
    },
    DescribeTermsRequest = {
      members = {
        TermsId = { required = true, shape = "TermsIdType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DescribeTermsResponse = {
      members = {
        Terms = { shape = "TermsType" },
      },
      type = "structure",
    },
    DescribeUserImportJobRequest = {
      members = {
        JobId = { required = true, shape = "UserImportJobIdType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DescribeUserImportJobResponse = {
      members = {
        UserImportJob = { shape = "UserImportJobType" },
      },
      type = "structure",
    },
    DescribeUserPoolClientRequest = {
      members = {
        ClientId = { required = true, shape = "ClientIdType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DescribeUserPoolClientResponse = {
      members = {
        UserPoolClient = { shape = "UserPoolClientType" },
      },
      type = "structure",
    },
    DescribeUserPoolDomainRequest = {
      members = {
        Domain = { required = true, shape = "DomainType" },
      },
      type = "structure",
    },
    DescribeUserPoolDomainResponse = {
      members = {
        DomainDescription = { shape = "DomainDescriptionType" },
      },
      type = "structure",
    },
    DescribeUserPoolRequest = {
      members = {
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    DescribeUserPoolResponse = {
      members = {
        UserPool = { shape = "UserPoolType" },
      },
      type = "structure",
    },
    DescriptionType = { max = 2048, type = "string" },
    DeviceConfigurationType = {
      members = {
        ChallengeRequiredOnNewDevice = { shape = "BooleanType" },
        DeviceOnlyRememberedOnUserPrompt = { shape = "BooleanType" },
      },
      type = "structure",
    },
    DeviceKeyExistsException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    DeviceKeyType = { max = 55, min = 1, pattern = "[\\w-]+_[0-9a-f-]+", type = "string" },
    DeviceListType = { element = "DeviceType", type = "list" },
    DeviceNameType = { max = 1024, min = 1, type = "string" },
    DeviceRememberedStatusType = {
      enum = { "not_remembered", "remembered" },
      type = "string",
    },
    DeviceSecretVerifierConfigType = {
      members = {
        PasswordVerifier = { shape = "StringType" },
        Salt = { shape = "StringType" },
      },
      type = "structure",
    },
    DeviceType = {
      members = {
        DeviceAttributes = { shape = "AttributeListType" },
        DeviceCreateDate = { shape = "DateType" },
        DeviceKey = { shape = "DeviceKeyType" },
        DeviceLastAuthenticatedDate = { shape = "DateType" },
        DeviceLastModifiedDate = { shape = "DateType" },
      },
      type = "structure",
    },
    Document = {
      document = true,
      members = {},
      type = "structure",
    },
    DomainDescriptionType = {
      members = {
        AWSAccountId = { shape = "AWSAccountIdType" },
        CloudFrontDistribution = { shape = "StringType" },
        CustomDomainConfig = { shape = "CustomDomainConfigType" },
        Domain = { shape = "DomainType" },
        ManagedLoginVersion = { shape = "WrappedIntegerType" },
        Routing = { shape = "RoutingType" },
        S3Bucket = { shape = "S3BucketType" },
        Status = { shape = "DomainStatusType" },
        UserPoolId = { shape = "UserPoolIdType" },
        Version = { shape = "DomainVersionType" },
      },
      type = "structure",
    },
    DomainStatusType = {
      enum = { "ACTIVE", "CREATING", "DELETING", "FAILED", "UPDATING" },
      type = "string",
    },
    DomainType = {
      max = 63,
      min = 1,
      pattern = "^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$",
      type = "string",
    },
    DomainVersionType = { max = 20, min = 1, type = "string" },
    DuplicateProviderException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    EmailAddressType = {
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+@[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
      type = "string",
    },
    EmailConfigurationType = {
      members = {
        ConfigurationSet = { shape = "SESConfigurationSet" },
        EmailSendingAccount = { shape = "EmailSendingAccountType" },
        From = { shape = "StringType" },
        ReplyToEmailAddress = { shape = "EmailAddressType" },
        SourceArn = { shape = "ArnType" },
      },
      type = "structure",
    },
    EmailInviteMessageType = {
      max = 20000,
      min = 6,
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*",
      type = "string",
    },
    EmailMfaConfigType = {
      members = {
        Message = { shape = "EmailMfaMessageType" },
        Subject = { shape = "EmailMfaSubjectType" },
      },
      type = "structure",
    },
    EmailMfaMessageType = {
      max = 20000,
      min = 6,
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*\\{####\\}[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*",
      type = "string",
    },
    EmailMfaSettingsType = {
      members = {
        Enabled = { shape = "BooleanType" },
        PreferredMfa = { shape = "BooleanType" },
      },
      type = "structure",
    },
    EmailMfaSubjectType = { pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s]+", type = "string" },
    EmailNotificationBodyType = {
      max = 20000,
      min = 6,
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]+",
      type = "string",
    },
    EmailNotificationSubjectType = {
      max = 140,
      min = 1,
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s]+",
      type = "string",
    },
    EmailSendingAccountType = {
      enum = { "COGNITO_DEFAULT", "DEVELOPER" },
      type = "string",
    },
    EmailVerificationMessageByLinkType = {
      max = 20000,
      min = 6,
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*\\{##[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*##\\}[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*",
      type = "string",
    },
    EmailVerificationMessageType = {
      max = 20000,
      min = 6,
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*\\{####\\}[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*",
      type = "string",
    },
    EmailVerificationSubjectByLinkType = {
      max = 140,
      min = 1,
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s]+",
      type = "string",
    },
    EmailVerificationSubjectType = {
      max = 140,
      min = 1,
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s]+",
      type = "string",
    },
    EnableSoftwareTokenMFAException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    EncryptionKeyArnType = {
      max = 2048,
      min = 20,
      pattern = "arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?",
      type = "string",
    },
    EncryptionKeyType = {
      enum = { "AWS_OWNED_KEY", "CUSTOMER_MANAGED_KEY" },
      type = "string",
    },
    EumsSmsConfigurationType = {
      members = {
        CallerArn = { required = true, shape = "ArnType" },
        ConfigurationSetName = { shape = "StringType" },
        ExternalId = { shape = "StringType" },
        InEntityId = { shape = "StringType" },
        InTemplateId = { shape = "StringType" },
        OriginationIdentity = { shape = "StringType" },
        Region = { shape = "RegionCodeType" },
      },
      type = "structure",
    },
    EventContextDataType = {
      members = {
        City = { shape = "StringType" },
        Country = { shape = "StringType" },
        DeviceName = { shape = "StringType" },
        IpAddress = { shape = "StringType" },
        Timezone = { shape = "StringType" },
      },
      type = "structure",
    },
    EventFeedbackType = {
      members = {
        FeedbackDate = { shape = "DateType" },
        FeedbackValue = { required = true, shape = "FeedbackValueType" },
        Provider = { required = true, shape = "StringType" },
      },
      type = "structure",
    },
    EventFilterType = {
      enum = { "PASSWORD_CHANGE", "SIGN_IN", "SIGN_UP" },
      type = "string",
    },
    EventFiltersType = { element = "EventFilterType", type = "list" },
    EventIdType = { max = 50, min = 1, pattern = "[\\w+-]+", type = "string" },
    EventResponseType = {
      enum = { "Fail", "InProgress", "Pass" },
      type = "string",
    },
    EventRiskType = {
      members = {
        CompromisedCredentialsDetected = { shape = "WrappedBooleanType" },
        RiskDecision = { shape = "RiskDecisionType" },
        RiskLevel = { shape = "RiskLevelType" },
      },
      type = "structure",
    },
    EventSourceName = {
      enum = { "userAuthEvents", "userNotification" },
      type = "string",
    },
    EventType = {
      enum = { "ForgotPassword", "PasswordChange", "ResendCode", "SignIn", "SignUp" },
      type = "string",
    },
    ExpiredCodeException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    ExplicitAuthFlowsListType = { element = "ExplicitAuthFlowsType", type = "list" },
    ExplicitAuthFlowsType = {
      enum = {
        "ADMIN_NO_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH",
      },
      type = "string",
    },
    FailoverType = {
      members = {
        PrimaryRoute53HealthCheckId = { required = true, shape = "HealthCheckIdType" },
        SecondaryRegion = { required = true, shape = "RegionNameType" },
      },
      type = "structure",
    },
    FeatureType = {
      enum = { "DISABLED", "ENABLED" },
      type = "string",
    },
    FeatureUnavailableInTierException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    FeedbackValueType = {
      enum = { "Invalid", "Valid" },
      type = "string",
    },
    FirehoseConfigurationType = {
      members = {
        StreamArn = { shape = "ArnType" },
      },
      type = "structure",
    },
    ForbiddenException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    ForceAliasCreation = { type = "boolean" },
    ForgetDeviceRequest = {
      members = {
        AccessToken = { shape = "TokenModelType" },
        DeviceKey = { required = true, shape = "DeviceKeyType" },
      },
      type = "structure",
    },
    ForgotPasswordRequest = {
      members = {
        AnalyticsMetadata = { shape = "AnalyticsMetadataType" },
        ClientId = { required = true, shape = "ClientIdType" },
        ClientMetadata = { shape = "ClientMetadataType" },
        SecretHash = { shape = "SecretHashType" },
        UserContextData = { shape = "UserContextDataType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    ForgotPasswordResponse = {
      members = {
        CodeDeliveryDetails = { shape = "CodeDeliveryDetailsType" },
      },
      type = "structure",
    },
    GenerateSecret = { type = "boolean" },
    GetCSVHeaderRequest = {
      members = {
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    GetCSVHeaderResponse = {
      members = {
        CSVHeader = { shape = "ListOfStringTypes" },
        UserPoolId = { shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    GetClientTokenRequest = {
      members = {
        ClientId = { required = true, shape = "ClientIdType" },
        ClientMetadata = { shape = "ClientMetadataType" },
        Scopes = { shape = "ListOfStringTypes" },
        Secret = { required = true, shape = "StringType" },
      },
      type = "structure",
    },
    GetClientTokenResponse = {
      members = {
        ClientAuthenticationResult = { shape = "ClientAuthenticationResultType" },
      },
      type = "structure",
    },
    GetDeviceRequest = {
      members = {
        AccessToken = { shape = "TokenModelType" },
        DeviceKey = { required = true, shape = "DeviceKeyType" },
      },
      type = "structure",
    },
    GetDeviceResponse = {
      members = {
        Device = { required = true, shape = "DeviceType" },
      },
      type = "structure",
    },
    GetGroupRequest = {
      members = {
        GroupName = { required = true, shape = "GroupNameType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    GetGroupResponse = {
      members = {
        Group = { shape = "GroupType" },
      },
      type = "structure",
    },
    GetIdentityProviderByIdentifierRequest = {
      members = {
        IdpIdentifier = { required = true, shape = "IdpIdentifierType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    GetIdentityProviderByIdentifierResponse = {
      members = {
        IdentityProvider = { required = true, shape = "IdentityProviderType" },
      },
      type = "structure",
    },
    GetLogDeliveryConfigurationRequest = {
      members = {
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    GetLogDeliveryConfigurationResponse = {
      members = {
        LogDeliveryConfiguration = { shape = "LogDeliveryConfigurationType" },
      },
      type = "structure",
    },
    GetProvisionedLimitRequest = {
      members = {
        LimitDefinition = { required = true, shape = "LimitDefinitionType" },
      },
      type = "structure",
    },
    GetProvisionedLimitResponse = {
      members = {
        Limit = { required = true, shape = "LimitType" },
      },
      type = "structure",
    },
    GetSigningCertificateRequest = {
      members = {
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    GetSigningCertificateResponse = {
      members = {
        Certificate = { shape = "StringType" },
      },
      type = "structure",
    },
    GetTokensFromRefreshTokenRequest = {
      members = {
        ClientId = { required = true, shape = "ClientIdType" },
        ClientMetadata = { shape = "ClientMetadataType" },
        ClientSecret = { shape = "ClientSecretType" },
        DeviceKey = { shape = "DeviceKeyType" },
        RefreshToken = { required = true, shape = "TokenModelType" },
      },
      type = "structure",
    },
    GetTokensFromRefreshTokenResponse = {
      members = {
        AuthenticationResult = { shape = "AuthenticationResultType" },
      },
      type = "structure",
    },
    GetUICustomizationRequest = {
      members = {
        ClientId = { shape = "ClientIdType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    GetUICustomizationResponse = {
      members = {
        UICustomization = { required = true, shape = "UICustomizationType" },
      },
      type = "structure",
    },
    GetUserAttributeVerificationCodeRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        AttributeName = { required = true, shape = "AttributeNameType" },
        ClientMetadata = { shape = "ClientMetadataType" },
      },
      type = "structure",
    },
    GetUserAttributeVerificationCodeResponse = {
      members = {
        CodeDeliveryDetails = { shape = "CodeDeliveryDetailsType" },
      },
      type = "structure",
    },
    GetUserAuthFactorsRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
      },
      type = "structure",
    },
    GetUserAuthFactorsResponse = {
      members = {
        ConfiguredUserAuthFactors = { shape = "ConfiguredUserAuthFactorsListType" },
        PreferredMfaSetting = { shape = "StringType" },
        UserMFASettingList = { shape = "UserMFASettingListType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    GetUserPoolClientSessionConfigurationRequest = {
      members = {
        ClientId = { required = true, shape = "ClientIdType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    GetUserPoolClientSessionConfigurationResponse = {
      members = {
        ClientId = { shape = "ClientIdType" },
        SSOSession = { shape = "ClientSSOSessionConfigType" },
        UserPoolId = { shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    GetUserPoolMfaConfigRequest = {
      members = {
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    GetUserPoolMfaConfigResponse = {
      members = {
        EmailMfaConfiguration = { shape = "EmailMfaConfigType" },
        MfaConfiguration = { shape = "UserPoolMfaType" },
        SmsMfaConfiguration = { shape = "SmsMfaConfigType" },
        SoftwareTokenMfaConfiguration = { shape = "SoftwareTokenMfaConfigType" },
        WebAuthnConfiguration = { shape = "WebAuthnConfigurationType" },
      },
      type = "structure",
    },
    GetUserPoolSessionConfigurationRequest = {
      members = {
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    GetUserPoolSessionConfigurationResponse = {
      members = {
        TokenSession = { shape = "UserPoolTokenSessionConfigType" },
        UserPoolId = { shape = "UserPoolIdType" },
        UserSessionTracking = { shape = "StringType" },
      },
      type = "structure",
    },
    GetUserRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
      },
      type = "structure",
    },
    GetUserResponse = {
      members = {
        MFAOptions = { shape = "MFAOptionListType" },
        PreferredMfaSetting = { shape = "StringType" },
        UserAttributes = { required = true, shape = "AttributeListType" },
        UserMFASettingList = { shape = "UserMFASettingListType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    GlobalSignOutRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
      },
      type = "structure",
    },
    GlobalSignOutResponse = {
      members = {},
      type = "structure",
    },
    GroupExistsException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    GroupListType = { element = "GroupType", type = "list" },
    GroupNameType = {
      max = 128,
      min = 1,
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
      type = "string",
    },
    GroupType = {
      members = {
        CreationDate = { shape = "DateType" },
        Description = { shape = "DescriptionType" },
        GroupName = { shape = "GroupNameType" },
        LastModifiedDate = { shape = "DateType" },
        Precedence = { shape = "PrecedenceType" },
        RoleArn = { shape = "ArnType" },
        UserPoolId = { shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    HealthCheckIdType = { max = 64, type = "string" },
    HexStringType = { pattern = "^[0-9a-fA-F]+$", type = "string" },
    HttpHeader = {
      members = {
        headerName = { shape = "StringType" },
        headerValue = { shape = "StringType" },
      },
      type = "structure",
    },
    HttpHeaderList = { element = "HttpHeader", type = "list" },
    IdTokenValidityType = { max = 86400, min = 1, type = "integer" },
    IdentityProviderType = {
      members = {
        AcrMapping = { shape = "ClientMetadataType" },
        AttributeMapping = { shape = "AttributeMappingType" },
        CreationDate = { shape = "DateType" },
        IdpIdentifiers = { shape = "IdpIdentifiersListType" },
        LastModifiedDate = { shape = "DateType" },
        ProviderDetails = { shape = "ProviderDetailsType" },
        ProviderName = { shape = "ProviderNameType" },
        ProviderType = { shape = "IdentityProviderTypeType" },
        UserPoolId = { shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    IdentityProviderTypeType = {
      enum = {
        "Facebook", "Google", "LoginWithAmazon", "OIDC", "SAML", "SignInWithApple",
      },
      type = "string",
    },
    IdpIdentifierType = { max = 40, min = 1, pattern = "[\\w\\s+=.@-]+", type = "string" },
    IdpIdentifiersListType = { element = "IdpIdentifierType", max = 50, min = 0, type = "list" },
    ImageFileType = { max = 131072, min = 0, type = "blob" },
    ImageUrlType = { type = "string" },
    InboundFederationLambdaType = {
      members = {
        LambdaArn = { required = true, shape = "ArnType" },
        LambdaVersion = { required = true, shape = "InboundFederationLambdaVersionType" },
      },
      type = "structure",
    },
    InboundFederationLambdaVersionType = {
      enum = { "V1_0" },
      type = "string",
    },
    InitiateAuthRequest = {
      members = {
        AnalyticsMetadata = { shape = "AnalyticsMetadataType" },
        AuthFlow = { required = true, shape = "AuthFlowType" },
        AuthParameters = { shape = "AuthParametersType" },
        ClientId = { required = true, shape = "ClientIdType" },
        ClientMetadata = { shape = "ClientMetadataType" },
        Session = { shape = "SessionType" },
        UserContextData = { shape = "UserContextDataType" },
      },
      type = "structure",
    },
    InitiateAuthResponse = {
      members = {
        AuthenticationResult = { shape = "AuthenticationResultType" },
        AvailableChallenges = { shape = "AvailableChallengeListType" },
        ChallengeName = { shape = "ChallengeNameType" },
        ChallengeParameters = { shape = "ChallengeParametersType" },
        Session = { shape = "SessionType" },
      },
      type = "structure",
    },
    IntegerType = { type = "integer" },
    InternalErrorException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    InternalServerException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    InvalidEmailRoleAccessPolicyException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    InvalidLambdaResponseException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    InvalidOAuthFlowException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    InvalidParameterException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
        reasonCode = { shape = "InvalidParameterExceptionReasonCodeType" },
      },
      type = "structure",
    },
    InvalidParameterExceptionReasonCodeType = { type = "string" },
    InvalidPasswordException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    InvalidSmsRoleAccessPolicyException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    InvalidSmsRoleTrustRelationshipException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    InvalidUserPoolConfigurationException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    IssuerConfigurationType = {
      members = {
        Type = { shape = "IssuerType" },
      },
      type = "structure",
    },
    IssuerType = {
      enum = { "ORIGINAL", "UPDATED" },
      type = "string",
    },
    KeyConfigurationType = {
      members = {
        KeyType = { shape = "EncryptionKeyType" },
        KmsKeyArn = { shape = "EncryptionKeyArnType" },
      },
      type = "structure",
    },
    LambdaConfigType = {
      members = {
        CreateAuthChallenge = { shape = "ArnType" },
        CustomEmailSender = { shape = "CustomEmailLambdaVersionConfigType" },
        CustomMessage = { shape = "ArnType" },
        CustomSMSSender = { shape = "CustomSMSLambdaVersionConfigType" },
        DefineAuthChallenge = { shape = "ArnType" },
        InboundFederation = { shape = "InboundFederationLambdaType" },
        KMSKeyID = { shape = "ArnType" },
        PostAuthentication = { shape = "ArnType" },
        PostConfirmation = { shape = "ArnType" },
        PreAuthentication = { shape = "ArnType" },
        PreSignUp = { shape = "ArnType" },
        PreTokenGeneration = { shape = "ArnType" },
        PreTokenGenerationConfig = { shape = "PreTokenGenerationVersionConfigType" },
        UserMigration = { shape = "ArnType" },
        VerifyAuthChallengeResponse = { shape = "ArnType" },
      },
      type = "structure",
    },
    LanguageIdType = {
      pattern = "^cognito:(default|dutch|english|french|spanish|german|bahasa-indonesia|italian|japanese|korean|portuguese-brazil|chinese-(simplified|traditional))$",
      type = "string",
    },
    LimitClass = {
      enum = { "API_CATEGORY" },
      type = "string",
    },
    LimitDefinitionType = {
      members = {
        Attributes = { required = true, shape = "StringToStringMapType" },
        LimitClass = { required = true, shape = "LimitClass" },
      },
      type = "structure",
    },
    LimitExceededException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    LimitType = {
      members = {
        FreeLimitValue = { required = true, shape = "IntegerType" },
        LimitDefinition = { required = true, shape = "LimitDefinitionType" },
        ProvisionedLimitValue = { required = true, shape = "IntegerType" },
      },
      type = "structure",
    },
    LinkUrlType = {
      max = 1024,
      min = 1,
      pattern = "^[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+$",
      type = "string",
    },
    LinksType = { max = 13, min = 1, type = "map", value = "LinkUrlType" },
    ListDevicesRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        Limit = { shape = "QueryLimitType" },
        PaginationToken = { shape = "SearchPaginationTokenType" },
      },
      type = "structure",
    },
    ListDevicesResponse = {
      members = {
        Devices = { shape = "DeviceListType" },
        PaginationToken = { shape = "SearchPaginationTokenType" },
      },
      type = "structure",
    },
    ListGroupsRequest = {
      members = {
        Limit = { shape = "QueryLimitType" },
        NextToken = { shape = "PaginationKey" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    ListGroupsResponse = {
      members = {
        Groups = { shape = "GroupListType" },
        NextToken = { shape = "PaginationKey" },
      },
      type = "structure",
    },
    ListIdentityProvidersRequest = {
      members = {
        MaxResults = { shape = "ListProvidersLimitType" },
        NextToken = { shape = "PaginationKeyType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    ListIdentityProvidersResponse = {
      members = {
        NextToken = { shape = "PaginationKeyType" },
        Providers = { required = true, shape = "ProvidersListType" },
      },
      type = "structure",
    },
    ListOfStringTypes = { element = "StringType", type = "list" },
    ListProvidersLimitType = { max = 60, min = 0, type = "integer" },
    ListResourceServersLimitType = { max = 50, min = 1, type = "integer" },
    ListResourceServersRequest = {
      members = {
        MaxResults = { shape = "ListResourceServersLimitType" },
        NextToken = { shape = "PaginationKeyType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    ListResourceServersResponse = {
      members = {
        NextToken = { shape = "PaginationKeyType" },
        ResourceServers = { required = true, shape = "ResourceServersListType" },
      },
      type = "structure",
    },
    ListTagsForResourceRequest = {
      members = {
        ResourceArn = { required = true, shape = "ArnType" },
      },
      type = "structure",
    },
    ListTagsForResourceResponse = {
      members = {
        Tags = { shape = "UserPoolTagsType" },
      },
      type = "structure",
    },
    ListTermsRequest = {
      members = {
        MaxResults = { shape = "ListTermsRequestMaxResultsInteger" },
        NextToken = { shape = "StringType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    ListTermsRequestMaxResultsInteger = { max = 60, min = 1, type = "integer" },
    ListTermsResponse = {
      members = {
        NextToken = { shape = "StringType" },
        Terms = { required = true, shape = "TermsDescriptionListType" },
      },
      type = "structure",
    },
    ListUserImportJobsRequest = {
      members = {
        MaxResults = { required = true, shape = "PoolQueryLimitType" },
        PaginationToken = { shape = "PaginationKeyType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    ListUserImportJobsResponse = {
      members = {
        PaginationToken = { shape = "PaginationKeyType" },
        UserImportJobs = { shape = "UserImportJobsListType" },
      },
      type = "structure",
    },
    ListUserPoolClientSecretsRequest = {
      members = {
        ClientId = { required = true, shape = "ClientIdType" },
        NextToken = { shape = "PaginationKey" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    ListUserPoolClientSecretsResponse = {
      members = {
        ClientSecrets = { shape = "ClientSecretDescriptorListType" },
        NextToken = { shape = "PaginationKey" },
      },
      type = "structure",
    },
    ListUserPoolClientsRequest = {
      members = {
        ClientType = { shape = "StringType" },
        MaxResults = { shape = "QueryLimit" },
        NextToken = { shape = "PaginationKey" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    ListUserPoolClientsResponse = {
      members = {
        NextToken = { shape = "PaginationKey" },
        UserPoolClients = { shape = "UserPoolClientListType" },
      },
      type = "structure",
    },
    ListUserPoolReplicasRequest = {
      members = {
        NextToken = { shape = "PaginationKeyType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    ListUserPoolReplicasResponse = {
      members = {
        NextToken = { shape = "PaginationKeyType" },
        UserPoolReplicas = { shape = "UserPoolReplicaListType" },
      },
      type = "structure",
    },
    ListUserPoolsRequest = {
      members = {
        MaxResults = { required = true, shape = "PoolQueryLimitType" },
        NextToken = { shape = "PaginationKeyType" },
      },
      type = "structure",
    },
    ListUserPoolsResponse = {
      members = {
        NextToken = { shape = "PaginationKeyType" },
        UserPools = { shape = "UserPoolListType" },
      },
      type = "structure",
    },
    ListUserSessionsRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        NextToken = { shape = "PaginationKey" },
      },
      type = "structure",
    },
    ListUserSessionsResponse = {
      members = {
        NextToken = { shape = "PaginationKey" },
        Sessions = { shape = "SessionDescriptionListType" },
      },
      type = "structure",
    },
    ListUsersInGroupRequest = {
      members = {
        GroupName = { required = true, shape = "GroupNameType" },
        Limit = { shape = "QueryLimitType" },
        NextToken = { shape = "PaginationKey" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    ListUsersInGroupResponse = {
      members = {
        NextToken = { shape = "PaginationKey" },
        Users = { shape = "UsersListType" },
      },
      type = "structure",
    },
    ListUsersRequest = {
      members = {
        AttributesToGet = { shape = "SearchedAttributeNamesListType" },
        Filter = { shape = "UserFilterType" },
        Limit = { shape = "QueryLimitType" },
        PaginationToken = { shape = "SearchPaginationTokenType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    ListUsersResponse = {
      members = {
        PaginationToken = { shape = "SearchPaginationTokenType" },
        Users = { shape = "UsersListType" },
      },
      type = "structure",
    },
    ListWebAuthnCredentialsRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        MaxResults = { shape = "WebAuthnCredentialsQueryLimitType" },
        NextToken = { shape = "PaginationKey" },
      },
      type = "structure",
    },
    ListWebAuthnCredentialsResponse = {
      members = {
        Credentials = {
          required = true,
          shape = "WebAuthnCredentialDescriptionListType",
        },
        NextToken = { shape = "PaginationKey" },
      },
      type = "structure",
    },
    LogConfigurationListType = { element = "LogConfigurationType", max = 2, min = 0, type = "list" },
    LogConfigurationType = {
      members = {
        CloudWatchLogsConfiguration = { shape = "CloudWatchLogsConfigurationType" },
        EventSource = { required = true, shape = "EventSourceName" },
        FirehoseConfiguration = { shape = "FirehoseConfigurationType" },
        LogLevel = { required = true, shape = "LogLevel" },
        S3Configuration = { shape = "S3ConfigurationType" },
      },
      type = "structure",
    },
    LogDeliveryConfigurationType = {
      members = {
        LogConfigurations = { required = true, shape = "LogConfigurationListType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    LogLevel = {
      enum = { "ERROR", "INFO" },
      type = "string",
    },
    LogoutURLsListType = { element = "RedirectUrlType", max = 100, min = 0, type = "list" },
    LongType = { type = "long" },
    MFAMethodNotFoundException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    MFAOptionListType = { element = "MFAOptionType", type = "list" },
    MFAOptionType = {
      members = {
        AttributeName = { shape = "AttributeNameType" },
        DeliveryMedium = { shape = "DeliveryMediumType" },
      },
      type = "structure",
    },
    ManagedLoginBrandingExistsException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    ManagedLoginBrandingIdType = {
      pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[4][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$",
      type = "string",
    },
    ManagedLoginBrandingType = {
      members = {
        Assets = { shape = "AssetListType" },
        CreationDate = { shape = "DateType" },
        LastModifiedDate = { shape = "DateType" },
        ManagedLoginBrandingId = { shape = "ManagedLoginBrandingIdType" },
        Settings = { shape = "Document" },
        UseCognitoProvidedValues = { shape = "BooleanType" },
        UserPoolId = { shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    MapOfAcrLevelConfigType = { type = "map", value = "AcrLevelConfigType" },
    MessageActionType = {
      enum = { "RESEND", "SUPPRESS" },
      type = "string",
    },
    MessageTemplateType = {
      members = {
        EmailMessage = { shape = "EmailInviteMessageType" },
        EmailSubject = { shape = "EmailVerificationSubjectType" },
        SMSMessage = { shape = "SmsInviteMessageType" },
      },
      type = "structure",
    },
    MessageType = { type = "string" },
    NewDeviceMetadataType = {
      members = {
        DeviceGroupKey = { shape = "StringType" },
        DeviceKey = { shape = "DeviceKeyType" },
      },
      type = "structure",
    },
    NotAuthorizedException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    NotifyConfigurationType = {
      members = {
        BlockEmail = { shape = "NotifyEmailType" },
        From = { shape = "StringType" },
        MfaEmail = { shape = "NotifyEmailType" },
        NoActionEmail = { shape = "NotifyEmailType" },
        ReplyTo = { shape = "StringType" },
        SourceArn = { required = true, shape = "ArnType" },
      },
      type = "structure",
    },
    NotifyEmailType = {
      members = {
        HtmlBody = { shape = "EmailNotificationBodyType" },
        Subject = { required = true, shape = "EmailNotificationSubjectType" },
        TextBody = { shape = "EmailNotificationBodyType" },
      },
      type = "structure",
    },
    NumberAttributeConstraintsType = {
      members = {
        MaxValue = { shape = "StringType" },
        MinValue = { shape = "StringType" },
      },
      type = "structure",
    },
    OAuthFlowType = {
      enum = { "client_credentials", "code", "implicit" },
      type = "string",
    },
    OAuthFlowsType = { element = "OAuthFlowType", max = 3, min = 0, type = "list" },
    OperationNotEnabledException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    OptionalArnType = {
      max = 2048,
      min = 0,
      pattern = "(arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?)?",
      type = "string",
    },
    PaginationKey = { max = 131072, min = 1, pattern = "[\\S]+", type = "string" },
    PaginationKeyType = { min = 1, pattern = "[\\S]+", type = "string" },
    PasswordHashingAlgorithmType = {
      enum = { "ARGON2ID", "BCRYPT", "PBKDF2_SHA256", "SCRYPT" },
      type = "string",
    },
    PasswordHistoryPolicyViolationException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    PasswordHistorySizeType = { max = 24, min = 0, type = "integer" },
    PasswordPolicyMinLengthType = { max = 99, min = 6, type = "integer" },
    PasswordPolicyType = {
      members = {
        MinimumLength = { shape = "PasswordPolicyMinLengthType" },
        PasswordHistorySize = { shape = "PasswordHistorySizeType" },
        RequireLowercase = { shape = "BooleanType" },
        RequireNumbers = { shape = "BooleanType" },
        RequireSymbols = { shape = "BooleanType" },
        RequireUppercase = { shape = "BooleanType" },
        TemporaryPasswordValidityDays = { shape = "TemporaryPasswordValidityDaysType" },
      },
      type = "structure",
    },
    PasswordResetRequiredException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    PasswordType = { max = 256, pattern = "[\\S]+", sensitive = true, type = "string" },
    PoolQueryLimitType = { max = 60, min = 1, type = "integer" },
    PreSignedUrlType = { max = 2048, min = 0, type = "string" },
    PreTokenGenerationLambdaVersionType = {
      enum = { "V1_0", "V2_0", "V3_0" },
      type = "string",
    },
    PreTokenGenerationVersionConfigType = {
      members = {
        LambdaArn = { required = true, shape = "ArnType" },
        LambdaVersion = { required = true, shape = "PreTokenGenerationLambdaVersionType" },
      },
      type = "structure",
    },
    PrecedenceType = { min = 0, type = "integer" },
    PreconditionNotMetException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    PreventUserExistenceErrorTypes = {
      enum = { "ENABLED", "LEGACY" },
      type = "string",
    },
    PriorityType = { max = 2, min = 1, type = "integer" },
    ProviderDescription = {
      members = {
        CreationDate = { shape = "DateType" },
        LastModifiedDate = { shape = "DateType" },
        ProviderName = { shape = "ProviderNameType" },
        ProviderType = { shape = "IdentityProviderTypeType" },
      },
      type = "structure",
    },
    ProviderDetailsType = { type = "map", value = "StringType" },
    ProviderNameType = {
      max = 32,
      min = 1,
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\p{Z}]+",
      type = "string",
    },
    ProviderNameTypeV2 = {
      max = 32,
      min = 1,
      pattern = "[^_\\p{Z}][\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}][^_\\p{Z}]+",
      type = "string",
    },
    ProviderUserIdentifierType = {
      members = {
        ProviderAttributeName = { shape = "StringType" },
        ProviderAttributeValue = { shape = "StringType" },
        ProviderName = { shape = "ProviderNameType" },
      },
      type = "structure",
    },
    ProvidersListType = { element = "ProviderDescription", max = 50, min = 0, type = "list" },
    QueryLimit = { max = 60, min = 1, type = "integer" },
    QueryLimitType = { max = 60, min = 0, type = "integer" },
    RecoveryMechanismsType = { element = "RecoveryOptionType", max = 2, min = 1, type = "list" },
    RecoveryOptionNameType = {
      enum = { "admin_only", "verified_email", "verified_phone_number" },
      type = "string",
    },
    RecoveryOptionType = {
      members = {
        Name = { required = true, shape = "RecoveryOptionNameType" },
        Priority = { required = true, shape = "PriorityType" },
      },
      type = "structure",
    },
    RedirectUrlType = {
      max = 1024,
      min = 1,
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
      type = "string",
    },
    RefreshTokenReuseException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    RefreshTokenRotationType = {
      members = {
        Feature = { required = true, shape = "FeatureType" },
        RetryGracePeriodSeconds = { shape = "RetryGracePeriodSecondsType" },
      },
      type = "structure",
    },
    RefreshTokenValidityType = { max = 315360000, min = 0, type = "integer" },
    RegionCodeType = { max = 32, min = 5, type = "string" },
    RegionNameType = { max = 32, min = 5, type = "string" },
    RelyingPartyIdType = { max = 127, min = 1, type = "string" },
    ReplicaRegionsType = { element = "StringType", type = "list" },
    ReplicaRoleType = {
      enum = { "PRIMARY", "SECONDARY" },
      type = "string",
    },
    ReplicaStatusType = {
      enum = { "ACTIVE", "CREATING", "DELETING", "INACTIVE" },
      type = "string",
    },
    ResendConfirmationCodeRequest = {
      members = {
        AnalyticsMetadata = { shape = "AnalyticsMetadataType" },
        ClientId = { required = true, shape = "ClientIdType" },
        ClientMetadata = { shape = "ClientMetadataType" },
        SecretHash = { shape = "SecretHashType" },
        UserContextData = { shape = "UserContextDataType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    ResendConfirmationCodeResponse = {
      members = {
        CodeDeliveryDetails = { shape = "CodeDeliveryDetailsType" },
      },
      type = "structure",
    },
    ResourceIdType = { max = 40, min = 1, pattern = "^[\\w\\- ]+$", type = "string" },
    ResourceNotFoundException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    ResourceServerIdentifierType = {
      max = 256,
      min = 1,
      pattern = "[\\x21\\x23-\\x5B\\x5D-\\x7E]+",
      type = "string",
    },
    ResourceServerNameType = { max = 256, min = 1, pattern = "[\\w\\s+=,.@-]+", type = "string" },
    ResourceServerScopeDescriptionType = { max = 256, min = 1, type = "string" },
    ResourceServerScopeListType = { element = "ResourceServerScopeType", max = 100, type = "list" },
    ResourceServerScopeNameType = {
      max = 256,
      min = 1,
      pattern = "[\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+",
      type = "string",
    },
    ResourceServerScopeType = {
      members = {
        ScopeDescription = { required = true, shape = "ResourceServerScopeDescriptionType" },
        ScopeName = { required = true, shape = "ResourceServerScopeNameType" },
      },
      type = "structure",
    },
    ResourceServerType = {
      members = {
        Identifier = { shape = "ResourceServerIdentifierType" },
        ManagedBy = { shape = "StringType" },
        Name = { shape = "ResourceServerNameType" },
        Scopes = { shape = "ResourceServerScopeListType" },
        UserPoolId = { shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    ResourceServersListType = { element = "ResourceServerType", type = "list" },
    RespondToAuthChallengeRequest = {
      members = {
        AnalyticsMetadata = { shape = "AnalyticsMetadataType" },
        ChallengeName = { required = true, shape = "ChallengeNameType" },
        ChallengeResponses = { shape = "ChallengeResponsesType" },
        ClientId = { required = true, shape = "ClientIdType" },
        ClientMetadata = { shape = "ClientMetadataType" },
        Session = { shape = "SessionType" },
        UserContextData = { shape = "UserContextDataType" },
      },
      type = "structure",
    },
    RespondToAuthChallengeResponse = {
      members = {
        AuthenticationResult = { shape = "AuthenticationResultType" },
        AvailableChallenges = { shape = "AvailableChallengeListType" },
        ChallengeName = { shape = "ChallengeNameType" },
        ChallengeParameters = { shape = "ChallengeParametersType" },
        Session = { shape = "SessionType" },
      },
      type = "structure",
    },
    RetryGracePeriodSecondsType = { max = 60, min = 0, type = "integer" },
    RevokeTokenRequest = {
      members = {
        ClientId = { required = true, shape = "ClientIdType" },
        ClientSecret = { shape = "ClientSecretType" },
        RevokeAssociatedSessions = { shape = "StringType" },
        Token = { required = true, shape = "TokenModelType" },
      },
      type = "structure",
    },
    RevokeTokenResponse = {
      members = {},
      type = "structure",
    },
    RevokeUserSessionRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        RevokeAssociatedSessions = { shape = "StringType" },
        SessionId = { required = true, shape = "StringType" },
      },
      type = "structure",
    },
    RevokeUserSessionResponse = {
      members = {},
      type = "structure",
    },
    RiskConfigurationType = {
      members = {
        AccountTakeoverRiskConfiguration = { shape = "AccountTakeoverRiskConfigurationType" },
        ClientId = { shape = "ClientIdType" },
        CompromisedCredentialsRiskConfiguration = { shape = "CompromisedCredentialsRiskConfigurationType" },
        LastModifiedDate = { shape = "DateType" },
        RiskExceptionConfiguration = { shape = "RiskExceptionConfigurationType" },
        UserPoolId = { shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    RiskDecisionType = {
      enum = { "AccountTakeover", "Block", "NoRisk" },
      type = "string",
    },
    RiskExceptionConfigurationType = {
      members = {
        BlockedIPRangeList = { shape = "BlockedIPRangeListType" },
        SkippedIPRangeList = { shape = "SkippedIPRangeListType" },
      },
      type = "structure",
    },
    RiskLevelType = {
      enum = { "High", "Low", "Medium" },
      type = "string",
    },
    RoutingType = {
      members = {
        Failover = { shape = "FailoverType" },
      },
      type = "structure",
    },
    S3ArnType = {
      max = 1024,
      min = 3,
      pattern = "arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:::[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?",
      type = "string",
    },
    S3BucketType = {
      max = 1024,
      min = 3,
      pattern = "^[0-9A-Za-z\\.\\-_]*(?<!\\.)$",
      type = "string",
    },
    S3ConfigurationType = {
      members = {
        BucketArn = { shape = "S3ArnType" },
      },
      type = "structure",
    },
    SESConfigurationSet = { max = 64, min = 1, pattern = "^[a-zA-Z0-9_-]+$", type = "string" },
    SMSMfaSettingsType = {
      members = {
        Enabled = { shape = "BooleanType" },
        PreferredMfa = { shape = "BooleanType" },
      },
      type = "structure",
    },
    SchemaAttributeType = {
      members = {
        AttributeDataType = { shape = "AttributeDataType" },
        DeveloperOnlyAttribute = { shape = "BooleanType" },
        Mutable = { shape = "BooleanType" },
        Name = { shape = "CustomAttributeNameType" },
        NumberAttributeConstraints = { shape = "NumberAttributeConstraintsType" },
        Required = { shape = "BooleanType" },
        StringAttributeConstraints = { shape = "StringAttributeConstraintsType" },
      },
      type = "structure",
    },
    SchemaAttributesListType = { element = "SchemaAttributeType", max = 50, min = 1, type = "list" },
    ScopeDoesNotExistException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    ScopeListType = { element = "ScopeType", max = 50, type = "list" },
    ScopeType = {
      max = 256,
      min = 1,
      pattern = "[\\x21\\x23-\\x5B\\x5D-\\x7E]+",
      type = "string",
    },
    SearchPaginationTokenType = { min = 1, pattern = "[\\S]+", type = "string" },
    SearchedAttributeNamesListType = { element = "AttributeNameType", type = "list" },
    SecretCodeType = {
      min = 16,
      pattern = "[A-Za-z0-9]+",
      sensitive = true,
      type = "string",
    },
    SecretHashType = {
      max = 128,
      min = 1,
      pattern = "[\\w+=/]+",
      sensitive = true,
      type = "string",
    },
    SecurityPolicyType = {
      enum = { "TLS_V1", "TLS_V1_2_2021", "TLS_V1_3_2025" },
      type = "string",
    },
    ServiceQuotaExceededException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    SessionDescriptionListType = { element = "SessionDescriptionType", type = "list" },
    SessionDescriptionType = {
      members = {
        ClientId = { shape = "ClientIdType" },
        CreateDate = { shape = "DateType" },
        DeviceType = { shape = "StringType" },
        IsCurrentSession = { shape = "BooleanType" },
        LastActiveDate = { shape = "DateType" },
        LastIPAddress = { shape = "StringType" },
        LastLocation = { shape = "SessionLocationType" },
        OriginSessionId = { shape = "StringType" },
        SessionId = { shape = "StringType" },
        SessionType = { shape = "StringType" },
      },
      type = "structure",
    },
    SessionLocationType = {
      members = {
        City = { shape = "StringType" },
        Country = { shape = "StringType" },
      },
      type = "structure",
    },
    SessionType = { max = 2048, min = 20, sensitive = true, type = "string" },
    SetLogDeliveryConfigurationRequest = {
      members = {
        LogConfigurations = { required = true, shape = "LogConfigurationListType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    SetLogDeliveryConfigurationResponse = {
      members = {
        LogDeliveryConfiguration = { shape = "LogDeliveryConfigurationType" },
      },
      type = "structure",
    },
    SetRiskConfigurationRequest = {
      members = {
        AccountTakeoverRiskConfiguration = { shape = "AccountTakeoverRiskConfigurationType" },
        ClientId = { shape = "ClientIdType" },
        CompromisedCredentialsRiskConfiguration = { shape = "CompromisedCredentialsRiskConfigurationType" },
        RiskExceptionConfiguration = { shape = "RiskExceptionConfigurationType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    SetRiskConfigurationResponse = {
      members = {
        RiskConfiguration = { required = true, shape = "RiskConfigurationType" },
      },
      type = "structure",
    },
    SetUICustomizationRequest = {
      members = {
        CSS = { shape = "CSSType" },
        ClientId = { shape = "ClientIdType" },
        ImageFile = { shape = "ImageFileType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    SetUICustomizationResponse = {
      members = {
        UICustomization = { required = true, shape = "UICustomizationType" },
      },
      type = "structure",
    },
    SetUserMFAPreferenceRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        EmailMfaSettings = { shape = "EmailMfaSettingsType" },
        SMSMfaSettings = { shape = "SMSMfaSettingsType" },
        SoftwareTokenMfaSettings = { shape = "SoftwareTokenMfaSettingsType" },
        WebAuthnMfaSettings = { shape = "WebAuthnMfaSettingsType" },
      },
      type = "structure",
    },
    SetUserMFAPreferenceResponse = {
      members = {},
      type = "structure",
    },
    SetUserPoolClientSessionConfigurationRequest = {
      members = {
        ClientId = { required = true, shape = "ClientIdType" },
        SSOSession = { required = true, shape = "ClientSSOSessionConfigType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    SetUserPoolClientSessionConfigurationResponse = {
      members = {
        ClientId = { shape = "ClientIdType" },
        SSOSession = { shape = "ClientSSOSessionConfigType" },
        UserPoolId = { shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    SetUserPoolMfaConfigRequest = {
      members = {
        EmailMfaConfiguration = { shape = "EmailMfaConfigType" },
        MfaConfiguration = { shape = "UserPoolMfaType" },
        SmsMfaConfiguration = { shape = "SmsMfaConfigType" },
        SoftwareTokenMfaConfiguration = { shape = "SoftwareTokenMfaConfigType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        WebAuthnConfiguration = { shape = "WebAuthnConfigurationType" },
      },
      type = "structure",
    },
    SetUserPoolMfaConfigResponse = {
      members = {
        EmailMfaConfiguration = { shape = "EmailMfaConfigType" },
        MfaConfiguration = { shape = "UserPoolMfaType" },
        SmsMfaConfiguration = { shape = "SmsMfaConfigType" },
        SoftwareTokenMfaConfiguration = { shape = "SoftwareTokenMfaConfigType" },
        WebAuthnConfiguration = { shape = "WebAuthnConfigurationType" },
      },
      type = "structure",
    },
    SetUserPoolSessionConfigurationRequest = {
      members = {
        TokenSession = { required = true, shape = "UserPoolTokenSessionConfigType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        UserSessionTracking = { required = true, shape = "StringType" },
      },
      type = "structure",
    },
    SetUserPoolSessionConfigurationResponse = {
      members = {
        TokenSession = { shape = "UserPoolTokenSessionConfigType" },
        UserPoolId = { shape = "UserPoolIdType" },
        UserSessionTracking = { shape = "StringType" },
      },
      type = "structure",
    },
    SetUserSettingsRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        MFAOptions = { required = true, shape = "MFAOptionListType" },
      },
      type = "structure",
    },
    SetUserSettingsResponse = {
      members = {},
      type = "structure",
    },
    SignInPolicyType = {
      members = {
        AllowedFirstAuthFactors = { shape = "AllowedFirstAuthFactorsListType" },
      },
      type = "structure",
    },
    SignUpRequest = {
      members = {
        AnalyticsMetadata = { shape = "AnalyticsMetadataType" },
        ClientId = { required = true, shape = "ClientIdType" },
        ClientMetadata = { shape = "ClientMetadataType" },
        Password = { shape = "PasswordType" },
        SecretHash = { shape = "SecretHashType" },
        UserAttributes = { shape = "AttributeListType" },
        UserContextData = { shape = "UserContextDataType" },
        Username = { required = true, shape = "UsernameType" },
        ValidationData = { shape = "AttributeListType" },
      },
      type = "structure",
    },
    SignUpResponse = {
      members = {
        CodeDeliveryDetails = { shape = "CodeDeliveryDetailsType" },
        Session = { shape = "SessionType" },
        UserConfirmed = { required = true, shape = "BooleanType" },
        UserSub = { required = true, shape = "StringType" },
      },
      type = "structure",
    },
    SkippedIPRangeListType = { element = "StringType", max = 200, type = "list" },
    SmsConfigurationType = {
      members = {
        EumsSms = { shape = "EumsSmsConfigurationType" },
        ExternalId = { shape = "StringType" },
        SnsCallerArn = { shape = "OptionalArnType" },
        SnsRegion = { shape = "RegionCodeType" },
      },
      type = "structure",
    },
    SmsInviteMessageType = { max = 140, min = 6, pattern = "(?s).*", type = "string" },
    SmsMfaConfigType = {
      members = {
        SmsAuthenticationMessage = { shape = "SmsVerificationMessageType" },
        SmsConfiguration = { shape = "SmsConfigurationType" },
      },
      type = "structure",
    },
    SmsVerificationMessageType = { max = 140, min = 6, pattern = ".*\\{####\\}.*", type = "string" },
    SoftwareTokenMFANotFoundException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    SoftwareTokenMFAUserCodeType = {
      max = 6,
      min = 6,
      pattern = "[0-9]+",
      sensitive = true,
      type = "string",
    },
    SoftwareTokenMfaConfigType = {
      members = {
        Enabled = { shape = "BooleanType" },
      },
      type = "structure",
    },
    SoftwareTokenMfaSettingsType = {
      members = {
        Enabled = { shape = "BooleanType" },
        PreferredMfa = { shape = "BooleanType" },
      },
      type = "structure",
    },
    StartUserImportJobRequest = {
      members = {
        JobId = { required = true, shape = "UserImportJobIdType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    StartUserImportJobResponse = {
      members = {
        UserImportJob = { shape = "UserImportJobType" },
      },
      type = "structure",
    },
    StartWebAuthnRegistrationRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
      },
      type = "structure",
    },
    StartWebAuthnRegistrationResponse = {
      members = {
        CredentialCreationOptions = { required = true, shape = "Document" },
      },
      type = "structure",
    },
    StatusType = {
      enum = { "Disabled", "Enabled" },
      type = "string",
    },
    StopUserImportJobRequest = {
      members = {
        JobId = { required = true, shape = "UserImportJobIdType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    StopUserImportJobResponse = {
      members = {
        UserImportJob = { shape = "UserImportJobType" },
      },
      type = "structure",
    },
    StringAttributeConstraintsType = {
      members = {
        MaxLength = { shape = "StringType" },
        MinLength = { shape = "StringType" },
      },
      type = "structure",
    },
    StringToStringMapType = { type = "map", value = "StringType" },
    StringType = { max = 131072, min = 0, type = "string" },
    SupportedIdentityProvidersListType = { element = "ProviderNameType", type = "list" },
    TagKeysType = { max = 128, min = 1, type = "string" },
    TagResourceRequest = {
      members = {
        ResourceArn = { required = true, shape = "ArnType" },
        Tags = { required = true, shape = "UserPoolTagsType" },
      },
      type = "structure",
    },
    TagResourceResponse = {
      members = {},
      type = "structure",
    },
    TagValueType = { max = 256, min = 0, type = "string" },
    TemporaryPasswordValidityDaysType = { max = 365, min = 0, type = "integer" },
    TermsDescriptionListType = { element = "TermsDescriptionType", type = "list" },
    TermsDescriptionType = {
      members = {
        CreationDate = { required = true, shape = "DateType" },
        Enforcement = { required = true, shape = "TermsEnforcementType" },
        LastModifiedDate = { required = true, shape = "DateType" },
        TermsId = { required = true, shape = "TermsIdType" },
        TermsName = { required = true, shape = "TermsNameType" },
      },
      type = "structure",
    },
    TermsEnforcementType = {
      enum = { "NONE" },
      type = "string",
    },
    TermsExistsException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    TermsIdType = {
      pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[4][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$",
      type = "string",
    },
    TermsNameType = { pattern = "^(terms-of-use|privacy-policy)$", type = "string" },
    TermsSourceType = {
      enum = { "LINK" },
      type = "string",
    },
    TermsType = {
      members = {
        ClientId = { required = true, shape = "ClientIdType" },
        CreationDate = { required = true, shape = "DateType" },
        Enforcement = { required = true, shape = "TermsEnforcementType" },
        LastModifiedDate = { required = true, shape = "DateType" },
        Links = { required = true, shape = "LinksType" },
        TermsId = { required = true, shape = "TermsIdType" },
        TermsName = { required = true, shape = "TermsNameType" },
        TermsSource = { required = true, shape = "TermsSourceType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    TierChangeNotAllowedException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    TimeUnitsType = {
      enum = { "days", "hours", "minutes", "seconds" },
      type = "string",
    },
    TokenModelType = { pattern = "[A-Za-z0-9-_=.]+", sensitive = true, type = "string" },
    TokenValidityUnitsType = {
      members = {
        AccessToken = { shape = "TimeUnitsType" },
        IdToken = { shape = "TimeUnitsType" },
        RefreshToken = { shape = "TimeUnitsType" },
      },
      type = "structure",
    },
    TooManyFailedAttemptsException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    TooManyRequestsException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    UICustomizationType = {
      members = {
        CSS = { shape = "CSSType" },
        CSSVersion = { shape = "CSSVersionType" },
        ClientId = { shape = "ClientIdType" },
        CreationDate = { shape = "DateType" },
        ImageUrl = { shape = "ImageUrlType" },
        LastModifiedDate = { shape = "DateType" },
        UserPoolId = { shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    UnauthorizedException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    UnexpectedLambdaException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    UnsupportedIdentityProviderException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    UnsupportedOperationException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    UnsupportedTokenTypeException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    UnsupportedUserStateException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    UntagResourceRequest = {
      members = {
        ResourceArn = { required = true, shape = "ArnType" },
        TagKeys = { required = true, shape = "UserPoolTagsListType" },
      },
      type = "structure",
    },
    UntagResourceResponse = {
      members = {},
      type = "structure",
    },
    UpdateAuthEventFeedbackRequest = {
      members = {
        EventId = { required = true, shape = "EventIdType" },
        FeedbackToken = { required = true, shape = "TokenModelType" },
        FeedbackValue = { required = true, shape = "FeedbackValueType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        Username = { required = true, shape = "UsernameType" },
      },
      type = "structure",
    },
    UpdateAuthEventFeedbackResponse = {
      members = {},
      type = "structure",
    },
    UpdateDeviceStatusRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        DeviceKey = { required = true, shape = "DeviceKeyType" },
        DeviceRememberedStatus = { shape = "DeviceRememberedStatusType" },
      },
      type = "structure",
    },
    UpdateDeviceStatusResponse = {
      members = {},
      type = "structure",
    },
    UpdateGroupRequest = {
      members = {
        Description = { shape = "DescriptionType" },
        GroupName = { required = true, shape = "GroupNameType" },
        Precedence = { shape = "PrecedenceType" },
        RoleArn = { shape = "ArnType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    UpdateGroupResponse = {
      members = {
        Group = { shape = "GroupType" },
      },
      type = "structure",
    },
    UpdateIdentityProviderRequest = {
      members = {
        AcrMapping = { shape = "ClientMetadataType" },
        AttributeMapping = { shape = "AttributeMappingType" },
        IdpIdentifiers = { shape = "IdpIdentifiersListType" },
        ProviderDetails = { shape = "ProviderDetailsType" },
        ProviderName = { required = true, shape = "ProviderNameType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    UpdateIdentityProviderResponse = {
      members = {
        IdentityProvider = { required = true, shape = "IdentityProviderType" },
      },
      type = "structure",
    },
    UpdateManagedLoginBrandingRequest = {
      members = {
        Assets = { shape = "AssetListType" },
        ManagedLoginBrandingId = { shape = "ManagedLoginBrandingIdType" },
        Settings = { shape = "Document" },
        UseCognitoProvidedValues = { shape = "BooleanType" },
        UserPoolId = { shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    UpdateManagedLoginBrandingResponse = {
      members = {
        ManagedLoginBranding = { shape = "ManagedLoginBrandingType" },
      },
      type = "structure",
    },
    UpdateProvisionedLimitRequest = {
      members = {
        LimitDefinition = { required = true, shape = "LimitDefinitionType" },
        RequestedLimitValue = { required = true, shape = "IntegerType" },
      },
      type = "structure",
    },
    UpdateProvisionedLimitResponse = {
      members = {
        Limit = { required = true, shape = "LimitType" },
      },
      type = "structure",
    },
    UpdateReplicaStatusType = {
      enum = { "ACTIVE", "INACTIVE" },
      type = "string",
    },
    UpdateResourceServerRequest = {
      members = {
        Identifier = { required = true, shape = "ResourceServerIdentifierType" },
        Name = { required = true, shape = "ResourceServerNameType" },
        Scopes = { shape = "ResourceServerScopeListType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    UpdateResourceServerResponse = {
      members = {
        ResourceServer = { required = true, shape = "ResourceServerType" },
      },
      type = "structure",
    },
    UpdateTermsRequest = {
      members = {
        Enforcement = { shape = "TermsEnforcementType" },
        Links = { shape = "LinksType" },
        TermsId = { required = true, shape = "TermsIdType" },
        TermsName = { shape = "TermsNameType" },
        TermsSource = { shape = "TermsSourceType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    UpdateTermsResponse = {
      members = {
        Terms = { shape = "TermsType" },
      },
      type = "structure",
    },
    UpdateUserAttributesRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        ClientMetadata = { shape = "ClientMetadataType" },
        UserAttributes = { required = true, shape = "AttributeListType" },
      },
      type = "structure",
    },
    UpdateUserAttributesResponse = {
      members = {
        CodeDeliveryDetailsList = { shape = "CodeDeliveryDetailsListType" },
      },
      type = "structure",
    },
    UpdateUserPoolClientRequest = {
      members = {
        AccessTokenValidity = { shape = "AccessTokenValidityType" },
        AllowedOAuthFlows = { shape = "OAuthFlowsType" },
        AllowedOAuthFlowsUserPoolClient = { shape = "BooleanType" },
        AllowedOAuthScopes = { shape = "ScopeListType" },
        AnalyticsConfiguration = { shape = "AnalyticsConfigurationType" },
        AuthSessionValidity = { shape = "AuthSessionValidityType" },
        CallbackURLs = { shape = "CallbackURLsListType" },
        ClientId = { required = true, shape = "ClientIdType" },
        ClientName = { shape = "ClientNameType" },
        DefaultRedirectURI = { shape = "RedirectUrlType" },
        EnablePropagateAdditionalUserContextData = { shape = "WrappedBooleanType" },
        EnableTokenRevocation = { shape = "WrappedBooleanType" },
        ExplicitAuthFlows = { shape = "ExplicitAuthFlowsListType" },
        IdTokenValidity = { shape = "IdTokenValidityType" },
        LogoutURLs = { shape = "LogoutURLsListType" },
        PreventUserExistenceErrors = { shape = "PreventUserExistenceErrorTypes" },
        ReadAttributes = { shape = "ClientPermissionListType" },
        RefreshTokenRotation = { shape = "RefreshTokenRotationType" },
        RefreshTokenValidity = { shape = "RefreshTokenValidityType" },
        SupportedIdentityProviders = { shape = "SupportedIdentityProvidersListType" },
        TokenValidityUnits = { shape = "TokenValidityUnitsType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        WriteAttributes = { shape = "ClientPermissionListType" },
      },
      type = "structure",
    },
    UpdateUserPoolClientResponse = {
      members = {
        UserPoolClient = { shape = "UserPoolClientType" },
      },
      type = "structure",
    },
    UpdateUserPoolDomainRequest = {
      members = {
        CustomDomainConfig = { shape = "CustomDomainConfigType" },
        Domain = { required = true, shape = "DomainType" },
        ManagedLoginVersion = { shape = "WrappedIntegerType" },
        Routing = { shape = "RoutingType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    UpdateUserPoolDomainResponse = {
      members = {
        CloudFrontDomain = { shape = "DomainType" },
        ManagedLoginVersion = { shape = "WrappedIntegerType" },
        Routing = { shape = "RoutingType" },
      },
      type = "structure",
    },
    UpdateUserPoolReplicaRequest = {
      members = {
        RegionName = { required = true, shape = "RegionNameType" },
        Status = { required = true, shape = "UpdateReplicaStatusType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    UpdateUserPoolReplicaResponse = {
      members = {
        UserPoolReplica = { shape = "UserPoolReplicaType" },
      },
      type = "structure",
    },
    UpdateUserPoolRequest = {
      members = {
        AccountRecoverySetting = { shape = "AccountRecoverySettingType" },
        AcrConfiguration = { shape = "MapOfAcrLevelConfigType" },
        AdminCreateUserConfig = { shape = "AdminCreateUserConfigType" },
        AutoVerifiedAttributes = { shape = "VerifiedAttributesListType" },
        DcrConfiguration = { shape = "DcrConfigurationType" },
        DeletionProtection = { shape = "DeletionProtectionType" },
        DeviceConfiguration = { shape = "DeviceConfigurationType" },
        EmailConfiguration = { shape = "EmailConfigurationType" },
        EmailVerificationMessage = { shape = "EmailVerificationMessageType" },
        EmailVerificationSubject = { shape = "EmailVerificationSubjectType" },
        IssuerConfiguration = { shape = "IssuerConfigurationType" },
        KeyConfiguration = { shape = "KeyConfigurationType" },
        LambdaConfig = { shape = "LambdaConfigType" },
        MfaConfiguration = { shape = "UserPoolMfaType" },
        Policies = { shape = "UserPoolPolicyType" },
        PoolName = { shape = "UserPoolNameType" },
        SmsAuthenticationMessage = { shape = "SmsVerificationMessageType" },
        SmsConfiguration = { shape = "SmsConfigurationType" },
        SmsVerificationMessage = { shape = "SmsVerificationMessageType" },
        UserAttributeUpdateSettings = { shape = "UserAttributeUpdateSettingsType" },
        UserPoolAddOns = { shape = "UserPoolAddOnsType" },
        UserPoolId = { required = true, shape = "UserPoolIdType" },
        UserPoolTags = { shape = "UserPoolTagsType" },
        UserPoolTier = { shape = "UserPoolTierType" },
        VerificationMessageTemplate = { shape = "VerificationMessageTemplateType" },
      },
      type = "structure",
    },
    UpdateUserPoolResponse = {
      members = {},
      type = "structure",
    },
    UserAttributeUpdateSettingsType = {
      members = {
        AttributesRequireVerificationBeforeUpdate = { shape = "AttributesRequireVerificationBeforeUpdateType" },
      },
      type = "structure",
    },
    UserContextDataType = {
      members = {
        EncodedData = { shape = "StringType" },
        IpAddress = { shape = "StringType" },
      },
      sensitive = true,
      type = "structure",
    },
    UserFilterType = { max = 256, type = "string" },
    UserImportInProgressException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    UserImportJobIdType = {
      max = 55,
      min = 1,
      pattern = "import-[0-9a-zA-Z-]+",
      type = "string",
    },
    UserImportJobNameType = { max = 128, min = 1, pattern = "[\\w\\s+=,.@-]+", type = "string" },
    UserImportJobStatusType = {
      enum = {
        "Created", "Expired", "Failed", "InProgress", "Pending", "Stopped", "Stopping", "Succeeded",
      },
      type = "string",
    },
    UserImportJobType = {
      members = {
        CloudWatchLogsRoleArn = { shape = "ArnType" },
        CompletionDate = { shape = "DateType" },
        CompletionMessage = { shape = "CompletionMessageType" },
        CreationDate = { shape = "DateType" },
        FailedUsers = { shape = "LongType" },
        ImportedUsers = { shape = "LongType" },
        JobId = { shape = "UserImportJobIdType" },
        JobName = { shape = "UserImportJobNameType" },
        PasswordHashingAlgorithm = { shape = "PasswordHashingAlgorithmType" },
        PreSignedUrl = { shape = "PreSignedUrlType" },
        SkippedUsers = { shape = "LongType" },
        StartDate = { shape = "DateType" },
        Status = { shape = "UserImportJobStatusType" },
        UserPoolId = { shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    UserImportJobsListType = { element = "UserImportJobType", max = 50, min = 1, type = "list" },
    UserLambdaValidationException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    UserMFASettingListType = { element = "StringType", type = "list" },
    UserNotConfirmedException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    UserNotFoundException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    UserPoolAddOnNotEnabledException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    UserPoolAddOnsType = {
      members = {
        AdvancedSecurityAdditionalFlows = { shape = "AdvancedSecurityAdditionalFlowsType" },
        AdvancedSecurityMode = { required = true, shape = "AdvancedSecurityModeType" },
      },
      type = "structure",
    },
    UserPoolClientDescription = {
      members = {
        ClientId = { shape = "ClientIdType" },
        ClientName = { shape = "ClientNameType" },
        UserPoolId = { shape = "UserPoolIdType" },
      },
      type = "structure",
    },
    UserPoolClientListType = { element = "UserPoolClientDescription", type = "list" },
    UserPoolClientType = {
      members = {
        AccessTokenValidity = { shape = "AccessTokenValidityType" },
        AllowedOAuthFlows = { shape = "OAuthFlowsType" },
        AllowedOAuthFlowsUserPoolClient = { shape = "BooleanType" },
        AllowedOAuthScopes = { shape = "ScopeListType" },
        AnalyticsConfiguration = { shape = "AnalyticsConfigurationType" },
        AuthSessionValidity = { shape = "AuthSessionValidityType" },
        CallbackURLs = { shape = "CallbackURLsListType" },
        ClientId = { shape = "ClientIdType" },
        ClientName = { shape = "ClientNameType" },
        ClientSecret = { shape = "ClientSecretType" },
        ClientType = { shape = "StringType" },
        CreationDate = { shape = "DateType" },
        DefaultRedirectURI = { shape = "RedirectUrlType" },
        EnablePropagateAdditionalUserContextData = { shape = "WrappedBooleanType" },
        EnableTokenRevocation = { shape = "WrappedBooleanType" },
        ExplicitAuthFlows = { shape = "ExplicitAuthFlowsListType" },
        IdTokenValidity = { shape = "IdTokenValidityType" },
        LastModifiedDate = { shape = "DateType" },
        LogoutURLs = { shape = "LogoutURLsListType" },
        PreventUserExistenceErrors = { shape = "PreventUserExistenceErrorTypes" },
        ReadAttributes = { shape = "ClientPermissionListType" },
        RefreshTokenRotation = { shape = "RefreshTokenRotationType" },
        RefreshTokenValidity = { shape = "RefreshTokenValidityType" },
        SupportedIdentityProviders = { shape = "SupportedIdentityProvidersListType" },
        TokenValidityUnits = { shape = "TokenValidityUnitsType" },
        UserPoolId = { shape = "UserPoolIdType" },
        WriteAttributes = { shape = "ClientPermissionListType" },
      },
      type = "structure",
    },
    UserPoolDescriptionType = {
      members = {
        CreationDate = { shape = "DateType" },
        Id = { shape = "UserPoolIdType" },
        LambdaConfig = { shape = "LambdaConfigType" },
        LastModifiedDate = { shape = "DateType" },
        Name = { shape = "UserPoolNameType" },
        ReplicaRegions = { shape = "ReplicaRegionsType" },
        Status = { deprecated = true, shape = "StatusType" },
      },
      type = "structure",
    },
    UserPoolIdType = {
      max = 55,
      min = 1,
      pattern = "[\\w-]+_[0-9a-zA-Z]+",
      type = "string",
    },
    UserPoolListType = { element = "UserPoolDescriptionType", type = "list" },
    UserPoolMfaType = {
      enum = { "OFF", "ON", "OPTIONAL" },
      type = "string",
    },
    UserPoolNameType = { max = 128, min = 1, pattern = "[\\w\\s+=,.@-]+", type = "string" },
    UserPoolPolicyType = {
      members = {
        PasswordPolicy = { shape = "PasswordPolicyType" },
        SignInPolicy = { shape = "SignInPolicyType" },
      },
      type = "structure",
    },
    UserPoolReplicaListType = { element = "UserPoolReplicaType", type = "list" },
    UserPoolReplicaType = {
      members = {
        RegionName = { shape = "RegionNameType" },
        Role = { shape = "ReplicaRoleType" },
        Status = { shape = "ReplicaStatusType" },
        UserPoolArn = { shape = "ArnType" },
      },
      type = "structure",
    },
    UserPoolTaggingException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    UserPoolTagsListType = { element = "TagKeysType", type = "list" },
    UserPoolTagsType = { type = "map", value = "TagValueType" },
    UserPoolTierType = {
      enum = { "ESSENTIALS", "LITE", "PLUS" },
      type = "string",
    },
    UserPoolTokenSessionConfigType = {
      members = {
        MaxPerUser = { required = true, shape = "IntegerType" },
      },
      type = "structure",
    },
    UserPoolType = {
      members = {
        AccountRecoverySetting = { shape = "AccountRecoverySettingType" },
        AcrConfiguration = { shape = "MapOfAcrLevelConfigType" },
        AdminCreateUserConfig = { shape = "AdminCreateUserConfigType" },
        AliasAttributes = { shape = "AliasAttributesListType" },
        Arn = { shape = "ArnType" },
        AutoVerifiedAttributes = { shape = "VerifiedAttributesListType" },
        CreationDate = { shape = "DateType" },
        CustomDomain = { shape = "DomainType" },
        DcrConfiguration = { shape = "DcrConfigurationType" },
        DeletionProtection = { shape = "DeletionProtectionType" },
        DeviceConfiguration = { shape = "DeviceConfigurationType" },
        Domain = { shape = "DomainType" },
        EmailConfiguration = { shape = "EmailConfigurationType" },
        EmailConfigurationFailure = { shape = "StringType" },
        EmailVerificationMessage = { shape = "EmailVerificationMessageType" },
        EmailVerificationSubject = { shape = "EmailVerificationSubjectType" },
        EstimatedNumberOfUsers = { shape = "IntegerType" },
        Id = { shape = "UserPoolIdType" },
        IssuerConfiguration = { shape = "IssuerConfigurationType" },
        KeyConfiguration = { shape = "KeyConfigurationType" },
        LambdaConfig = { shape = "LambdaConfigType" },
        LastModifiedDate = { shape = "DateType" },
        MfaConfiguration = { shape = "UserPoolMfaType" },
        Name = { shape = "UserPoolNameType" },
        Policies = { shape = "UserPoolPolicyType" },
        SchemaAttributes = { shape = "SchemaAttributesListType" },
        SmsAuthenticationMessage = { shape = "SmsVerificationMessageType" },
        SmsConfiguration = { shape = "SmsConfigurationType" },
        SmsConfigurationFailure = { shape = "StringType" },
        SmsVerificationMessage = { shape = "SmsVerificationMessageType" },
        Status = { deprecated = true, shape = "StatusType" },
        UserAttributeUpdateSettings = { shape = "UserAttributeUpdateSettingsType" },
        UserPoolAddOns = { shape = "UserPoolAddOnsType" },
        UserPoolTags = { shape = "UserPoolTagsType" },
        UserPoolTier = { shape = "UserPoolTierType" },
        UsernameAttributes = { shape = "UsernameAttributesListType" },
        UsernameConfiguration = { shape = "UsernameConfigurationType" },
        VerificationMessageTemplate = { shape = "VerificationMessageTemplateType" },
      },
      type = "structure",
    },
    UserStatusType = {
      enum = {
        "ARCHIVED", "COMPROMISED", "CONFIRMED", "EXTERNAL_PROVIDER", "FORCE_CHANGE_PASSWORD",
        "RESET_REQUIRED", "UNCONFIRMED", "UNKNOWN",
      },
      type = "string",
    },
    UserType = {
      members = {
        Attributes = { shape = "AttributeListType" },
        Enabled = { shape = "BooleanType" },
        MFAOptions = { shape = "MFAOptionListType" },
        UserCreateDate = { shape = "DateType" },
        UserLastModifiedDate = { shape = "DateType" },
        UserStatus = { shape = "UserStatusType" },
        Username = { shape = "UsernameType" },
      },
      type = "structure",
    },
    UserVerificationType = {
      enum = { "preferred", "required" },
      type = "string",
    },
    UsernameAttributeType = {
      enum = { "email", "phone_number" },
      type = "string",
    },
    UsernameAttributesListType = { element = "UsernameAttributeType", type = "list" },
    UsernameConfigurationType = {
      members = {
        CaseSensitive = { required = true, shape = "WrappedBooleanType" },
      },
      type = "structure",
    },
    UsernameExistsException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    UsernameType = {
      max = 128,
      min = 1,
      pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
      sensitive = true,
      type = "string",
    },
    UsersListType = { element = "UserType", type = "list" },
    VerificationMessageTemplateType = {
      members = {
        DefaultEmailOption = { shape = "DefaultEmailOptionType" },
        EmailMessage = { shape = "EmailVerificationMessageType" },
        EmailMessageByLink = { shape = "EmailVerificationMessageByLinkType" },
        EmailSubject = { shape = "EmailVerificationSubjectType" },
        EmailSubjectByLink = { shape = "EmailVerificationSubjectByLinkType" },
        SmsMessage = { shape = "SmsVerificationMessageType" },
      },
      type = "structure",
    },
    VerifiedAttributeType = {
      enum = { "email", "phone_number" },
      type = "string",
    },
    VerifiedAttributesListType = { element = "VerifiedAttributeType", type = "list" },
    VerifySoftwareTokenRequest = {
      members = {
        AccessToken = { shape = "TokenModelType" },
        FriendlyDeviceName = { shape = "StringType" },
        Session = { shape = "SessionType" },
        UserCode = { required = true, shape = "SoftwareTokenMFAUserCodeType" },
      },
      type = "structure",
    },
    VerifySoftwareTokenResponse = {
      members = {
        Session = { shape = "SessionType" },
        Status = { shape = "VerifySoftwareTokenResponseType" },
      },
      type = "structure",
    },
    VerifySoftwareTokenResponseType = {
      enum = { "ERROR", "SUCCESS" },
      type = "string",
    },
    VerifyUserAttributeRequest = {
      members = {
        AccessToken = { required = true, shape = "TokenModelType" },
        AttributeName = { required = true, shape = "AttributeNameType" },
        Code = { required = true, shape = "ConfirmationCodeType" },
      },
      type = "structure",
    },
    VerifyUserAttributeResponse = {
      members = {},
      type = "structure",
    },
    WebAuthnAuthenticatorAttachmentType = { type = "string" },
    WebAuthnAuthenticatorTransportType = { type = "string" },
    WebAuthnAuthenticatorTransportsList = { element = "WebAuthnAuthenticatorTransportType", type = "list" },
    WebAuthnChallengeNotFoundException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    WebAuthnClientMismatchException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    WebAuthnConfigurationMissingException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    WebAuthnConfigurationType = {
      members = {
        FactorConfiguration = { shape = "WebAuthnFactorConfigurationType" },
        RelyingPartyId = { shape = "RelyingPartyIdType" },
        UserVerification = { shape = "UserVerificationType" },
      },
      type = "structure",
    },
    WebAuthnCredentialDescription = {
      members = {
        AuthenticatorAttachment = { shape = "WebAuthnAuthenticatorAttachmentType" },
        AuthenticatorTransports = { required = true, shape = "WebAuthnAuthenticatorTransportsList" },
        CreatedAt = { required = true, shape = "DateType" },
        CredentialId = { required = true, shape = "StringType" },
        FriendlyCredentialName = { required = true, shape = "StringType" },
        RelyingPartyId = { required = true, shape = "StringType" },
      },
      type = "structure",
    },
    WebAuthnCredentialDescriptionListType = { element = "WebAuthnCredentialDescription", type = "list" },
    WebAuthnCredentialNotSupportedException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    WebAuthnCredentialsQueryLimitType = { max = 20, min = 0, type = "integer" },
    WebAuthnFactorConfigurationType = {
      enum = { "MULTI_FACTOR_WITH_USER_VERIFICATION", "SINGLE_FACTOR" },
      type = "string",
    },
    WebAuthnMfaSettingsType = {
      members = {
        Enabled = { shape = "BooleanType" },
      },
      type = "structure",
    },
    WebAuthnNotEnabledException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    WebAuthnOriginNotAllowedException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    WebAuthnRelyingPartyMismatchException = {
      exception = true,
      members = {
        message = { shape = "MessageType" },
      },
      type = "structure",
    },
    WrappedBooleanType = { type = "boolean" },
    WrappedIntegerType = { type = "integer" },
  },
}
