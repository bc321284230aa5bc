--- What the service's model does not say, and we have to.
--
-- Generation stops with a sentence when an operation has no class or no words
-- of ours, or when something is named here that the model does not have.
-- @module model.overlay
local M = {}

--- What carrying an operation out twice would do.
--
-- The class decides whether a call is sent again after a failure that does
-- not tell whether the service had carried it out. In doubt an operation
-- stands in the more careful class.
M.effects = {
  -- Changes nothing.
  ["read"] = {
    "AdminGetDevice",
    "AdminGetUser",
    "AdminGetUserAuthFactors",
    "AdminListDevices",
    "AdminListGroupsForUser",
    "AdminListUserAuthEvents",
    "AdminListUserSessions",
    "DescribeIdentityProvider",
    "DescribeManagedLoginBranding",
    "DescribeManagedLoginBrandingByClient",
    "DescribeResourceServer",
    "DescribeRiskConfiguration",
    "DescribeTerms",
    "DescribeTermsByClient",
    "DescribeUserImportJob",
    "DescribeUserPool",
    "DescribeUserPoolClient",
    "DescribeUserPoolDomain",
    "GetCSVHeader",
    "GetDevice",
    "GetGroup",
    "GetIdentityProviderByIdentifier",
    "GetLogDeliveryConfiguration",
    "GetProvisionedLimit",
    "GetSigningCertificate",
    "GetUICustomization",
    "GetUser",
    "GetUserAuthFactors",
    "GetUserPoolClientSessionConfiguration",
    "GetUserPoolMfaConfig",
    "GetUserPoolSessionConfiguration",
    "ListDevices",
    "ListGroups",
    "ListIdentityProviders",
    "ListResourceServers",
    "ListTagsForResource",
    "ListTerms",
    "ListUserImportJobs",
    "ListUserPoolClientSecrets",
    "ListUserPoolClients",
    "ListUserPoolReplicas",
    "ListUserPools",
    "ListUserSessions",
    "ListUsers",
    "ListUsersInGroup",
    "ListWebAuthnCredentials",
  },

  -- Twice is as good as once: it sets a state, whatever the state was.
  ["repeat"] = {
    "AdminAddUserToGroup",
    "AdminDisableUser",
    "AdminEnableUser",
    "AdminSetUserMFAPreference",
    "AdminSetUserPassword", -- a password history refuses the second one
    "AdminSetUserSettings",
    "AdminUpdateAuthEventFeedback",
    "AdminUpdateDeviceStatus",
    "AdminUserGlobalSignOut",
    "SetLogDeliveryConfiguration",
    "SetRiskConfiguration",
    "SetUICustomization",
    "SetUserMFAPreference",
    "SetUserPoolClientSessionConfiguration",
    "SetUserPoolMfaConfig",
    "SetUserPoolSessionConfiguration",
    "SetUserSettings",
    "TagResource",
    "UntagResource",
    "UpdateAuthEventFeedback",
    "UpdateDeviceStatus",
    "UpdateGroup",
    "UpdateIdentityProvider",
    "UpdateManagedLoginBranding",
    "UpdateResourceServer",
    "UpdateTerms",
    "UpdateUserPool",
    "UpdateUserPoolClient",
  },

  -- The second time fails or does more: it creates, deletes, starts, stops,
  -- or spends a code, a token or the password that it is given.
  ["once"] = {
    "AddCustomAttributes",
    "AddUserPoolClientSecret",
    "AdminConfirmSignUp",
    "AdminDeleteSoftwareToken",
    "AdminDeleteUser",
    "AdminDeleteUserAttributes",
    "AdminDisableProviderForUser",
    "AdminForgetDevice",
    "AdminLinkProviderForUser",
    "AdminRemoveUserFromGroup",
    "AdminRevokeUserSession",
    "AssociateSoftwareToken", -- every call makes another secret
    "ChangePassword",
    "CompleteWebAuthnRegistration",
    "ConfirmDevice",
    "ConfirmForgotPassword",
    "ConfirmSignUp",
    "CreateGroup",
    "CreateIdentityProvider",
    "CreateManagedLoginBranding",
    "CreateResourceServer",
    "CreateTerms",
    "CreateUserImportJob",
    "CreateUserPool",
    "CreateUserPoolClient",
    "CreateUserPoolDomain",
    "CreateUserPoolReplica",
    "DeleteGroup",
    "DeleteIdentityProvider",
    "DeleteManagedLoginBranding",
    "DeleteResourceServer",
    "DeleteTerms",
    "DeleteUser",
    "DeleteUserAttributes",
    "DeleteUserPool",
    "DeleteUserPoolClient",
    "DeleteUserPoolClientSecret",
    "DeleteUserPoolDomain",
    "DeleteUserPoolReplica",
    "DeleteWebAuthnCredential",
    "ForgetDevice",
    "GetClientToken", -- every call issues another token
    "GetTokensFromRefreshToken", -- rotation spends the refresh token
    "GlobalSignOut", -- the first one revokes the token it is given
    "RevokeToken",
    "RevokeUserSession",
    "StartUserImportJob",
    "StartWebAuthnRegistration", -- every call makes another challenge
    "StopUserImportJob",
    "UpdateProvisionedLimit",
    "UpdateUserPoolDomain", -- refused while the first one is under way
    "UpdateUserPoolReplica", -- the same
    "VerifySoftwareToken",
    "VerifyUserAttribute",
  },

  -- May send a person a message, or spend an attempt limit.
  ["message"] = {
    "AdminCreateUser",
    "AdminInitiateAuth",
    "AdminResetUserPassword",
    "AdminRespondToAuthChallenge",
    "AdminUpdateUserAttributes",
    "ForgotPassword",
    "GetUserAttributeVerificationCode",
    "InitiateAuth",
    "ResendConfirmationCode",
    "RespondToAuthChallenge",
    "SignUp",
    "UpdateUserAttributes",
  },
}

--- Parameters that decide the class: operation, string member of its input,
-- value, and the class that holds instead.
M.rules = {
  { "AdminCreateUser", "MessageAction", "SUPPRESS", "once" },
  { "AdminInitiateAuth", "AuthFlow", "REFRESH_TOKEN", "once" },
  { "AdminInitiateAuth", "AuthFlow", "REFRESH_TOKEN_AUTH", "once" },
  { "InitiateAuth", "AuthFlow", "REFRESH_TOKEN", "once" },
  { "InitiateAuth", "AuthFlow", "REFRESH_TOKEN_AUTH", "once" },
}

--- Where an operation takes what is made of the app client's secret: the
-- hash as a member, as an entry of a map, or the secret itself. Operations
-- that manage clients have a ClientSecret too; that is another one's secret
-- and never filled in.
M.secrets = {
  hash = {
    member = "SecretHash",
    "ConfirmForgotPassword",
    "ConfirmSignUp",
    "ForgotPassword",
    "ResendConfirmationCode",
    "SignUp",
  },
  auth = {
    member = "AuthParameters",
    "AdminInitiateAuth",
    "InitiateAuth",
  },
  challenge = {
    member = "ChallengeResponses",
    "AdminRespondToAuthChallenge",
    "RespondToAuthChallenge",
  },
  plain = {
    member = "ClientSecret",
    "GetTokensFromRefreshToken",
    "RevokeToken",
  },
  machine = {
    member = "Secret",
    "GetClientToken",
  },
}

--- Operations that take no AWS credentials though the model signs them. Their
-- pages in the API reference say "you can't use IAM credentials to authorize
-- requests", as do those of all that the model leaves unsigned.
M.unsigned = { "GetClientToken" }

--- Members that the client fills in from its settings where they are
-- required and not given.
M.filled = { "ClientId", "UserPoolId" }

--- Shapes whose values must not be shown anywhere, besides those that the
-- service marks itself.
M.sensitive_shapes = {
  "ChallengeParametersType", -- user name, destination, SRP values
  "ClientMetadataType", -- free text, handed to Lambda functions
  "ConfirmationCodeType",
  "ContextDataType", -- address, device and HTTP headers of a person
  "DeviceSecretVerifierConfigType", -- password verifier and salt
  "EmailAddressType",
  "EventContextDataType", -- address, place and device of a person
  "PaginationKey", -- opaque; may hold the user that the page ended with
  "PaginationKeyType",
  "PreSignedUrlType", -- whoever has the address may upload users
  "ProviderDetailsType", -- client secrets and keys of identity providers
  "SearchPaginationTokenType",
  "SessionLocationType",
  "UserFilterType", -- `email = "…"`: an attribute value
}

--- The same for single members of shapes.
M.sensitive_members = {
  { "CodeDeliveryDetailsType", "Destination" },
  { "CompleteWebAuthnRegistrationRequest", "Credential" },
  { "DeleteWebAuthnCredentialRequest", "CredentialId" },
  { "EmailConfigurationType", "From" },
  { "GetClientTokenRequest", "Secret" },
  { "ListTermsRequest", "NextToken" },
  { "ListTermsResponse", "NextToken" },
  { "NotifyConfigurationType", "From" },
  { "NotifyConfigurationType", "ReplyTo" },
  { "ProviderUserIdentifierType", "ProviderAttributeValue" },
  { "SessionDescriptionType", "LastIPAddress" },
  { "SignUpResponse", "UserSub" }, -- as good as the user name
  { "StartWebAuthnRegistrationResponse", "CredentialCreationOptions" },
  { "WebAuthnCredentialDescription", "CredentialId" },
}

--- What each operation does and when to call it, in our own words.
M.sentences = require "model.sentences"

return M
