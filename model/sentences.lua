--- Our own words for each operation: what it does, and when to call it.
--
-- One sentence each, for docs/operations.md and an editor's hover. Generation
-- stops when an operation has none, or when one is here that the model lacks.
-- @module model.sentences
return {
  AddCustomAttributes = "Adds attributes of your own to the pool's schema, for facts about users that the standard "
    .. "attributes lack; none can be removed again.",
  AddUserPoolClientSecret = "Gives an app client a second secret, the first step when you rotate secrets without an "
    .. "outage.",
  AdminAddUserToGroup = "Puts a user into a group, to grant what the group's role or the token's `cognito:groups` "
    .. "claim allows.",
  AdminConfirmSignUp = "Confirms a sign-up without a code, for a user who cannot receive one or whom you know by other "
    .. "means.",
  AdminCreateUser = "Creates a user and sends an invitation with a temporary password; call it again with "
    .. "`message_action = \"RESEND\"` when the invitation was lost or has expired.",
  AdminDeleteSoftwareToken = "Removes a user's authenticator app as a second factor, for a user who lost the device "
    .. "that makes the codes.",
  AdminDeleteUser = "Deletes a user for good, as an administrator; disable the user instead when you may want the "
    .. "account back.",
  AdminDeleteUserAttributes = "Removes attributes from a user, such as a phone number that the user no longer has.",
  AdminDisableProviderForUser = "Ends the link between a user and an identity at a third-party provider, so that "
    .. "signing in there no longer leads to this user.",
  AdminDisableUser = "Blocks sign-in and revokes the user's tokens while the account stays, for an account that may "
    .. "be compromised.",
  AdminEnableUser = "Lets a disabled user sign in again.",
  AdminForgetDevice = "Removes a remembered device of a user, such as a lost one, so that it no longer replaces the "
    .. "second factor.",
  AdminGetDevice = "Shows one device of a user, found by its key, when you look into a report about it.",
  AdminGetUser = "Shows a user's status, attributes and second factors, to decide which recovery operation can help.",
  AdminGetUserAuthFactors = "Lists the factors that a user can sign in with, for an administrator who checks what "
    .. "is left after one was lost.",
  AdminInitiateAuth = "Starts a sign-in from your own server with AWS credentials, so that the server sees the "
    .. "password and the tokens.",
  AdminLinkProviderForUser = "Links an identity at a third-party provider to a user of the pool, so that both ways of "
    .. "signing in reach one account.",
  AdminListDevices = "Lists the devices that a user has signed in with, to find one to forget.",
  AdminListGroupsForUser = "Lists the groups of a user, to see what the user may do.",
  AdminListUserAuthEvents = "Lists a user's recent sign-ins and password changes with their risk ratings, when you "
    .. "investigate an account; it needs threat protection.",
  AdminListUserSessions = "Lists a user's active sessions, as an administrator, to find one to revoke; it needs "
    .. "session tracking.",
  AdminRemoveUserFromGroup = "Takes a user out of a group, to withdraw what the group grants.",
  AdminResetUserPassword = "Makes the user's password unusable at once and sends a code for setting a new one, when a "
    .. "password may be known to others.",
  AdminRespondToAuthChallenge = "Answers the challenge that `admin_initiate_auth` returned, such as a second factor "
    .. "or a new password.",
  AdminRevokeUserSession = "Ends one session of a user and revokes its tokens, as an administrator, and leaves the "
    .. "other sessions alone.",
  AdminSetUserMFAPreference = "Turns a user's second factors on or off and picks the preferred one, as an "
    .. "administrator.",
  AdminSetUserPassword = "Sets a user's password without a code or a message, temporarily or for good; it also helps "
    .. "a user who has no verified contact.",
  AdminSetUserSettings = "Turns a user's SMS codes on or off; obsolete, so call `admin_set_user_mfa_preference` "
    .. "instead.",
  AdminUpdateAuthEventFeedback = "Reports to threat protection, as an administrator, whether a sign-in was genuine, so "
    .. "that it learns.",
  AdminUpdateDeviceStatus = "Marks a device of a user as remembered or not, as an administrator.",
  AdminUpdateUserAttributes = "Changes attributes of a user, as an administrator, for example to mark an e-mail "
    .. "address as verified so that a code can be sent there.",
  AdminUserGlobalSignOut = "Revokes all tokens of a user, as an administrator, after a reset or when an account may "
    .. "be compromised.",
  AssociateSoftwareToken = "Returns the secret for a user's authenticator app, the first step of setting up that "
    .. "second factor; `verify_software_token` is the second.",
  ChangePassword = "Changes the password of a signed-in user who knows the old one.",
  CompleteWebAuthnRegistration = "Registers the passkey that the user's browser made from the options of "
    .. "`start_web_authn_registration`.",
  ConfirmDevice = "Confirms a new device after a sign-in and starts to track it, in pools that remember devices.",
  ConfirmForgotPassword = "Sets a new password with the code that `forgot_password` or `admin_reset_user_password` "
    .. "sent.",
  ConfirmSignUp = "Confirms a sign-up with the code that was sent to the user, who can then sign in.",
  CreateGroup = "Creates a group in the pool, for users who share permissions or an IAM role.",
  CreateIdentityProvider = "Connects a third-party provider (OIDC, SAML or social) to the pool, so that users can "
    .. "sign in there.",
  CreateManagedLoginBranding = "Creates a branding style for an app client's managed login pages, when the standard "
    .. "look does not do.",
  CreateResourceServer = "Describes an API of yours and its scopes, so that access tokens can carry these scopes.",
  CreateTerms = "Links terms of use or a privacy policy to an app client, to show at sign-up in managed login.",
  CreateUserImportJob = "Creates a job that imports users from a CSV file and returns the address to upload the file "
    .. "to; start it with `start_user_import_job`.",
  CreateUserPool = "Creates a user pool with its policies, schema and messages.",
  CreateUserPoolClient = "Creates an app client, which each app needs to sign users in, with or without a secret.",
  CreateUserPoolDomain = "Gives the pool a domain, Amazon's or your own, which managed login and the OAuth endpoints "
    .. "need.",
  CreateUserPoolReplica = "Creates a replica of the pool in another Region, so that users can still sign in when the "
    .. "first Region fails; password resets stay with the primary.",
  DeleteGroup = "Deletes a group and keeps its users.",
  DeleteIdentityProvider = "Disconnects a third-party provider from the pool, so that its users can no longer sign "
    .. "in there.",
  DeleteManagedLoginBranding = "Deletes a branding style of the managed login pages, to return to another look.",
  DeleteResourceServer = "Deletes a resource server and its scopes, once no app asks for them.",
  DeleteTerms = "Deletes a document of terms from an app client.",
  DeleteUser = "Deletes the signed-in user's own account, for a button in the user's profile.",
  DeleteUserAttributes = "Removes attributes of the signed-in user, on the user's own wish.",
  DeleteUserPool = "Deletes a pool with all its users; they cannot be restored.",
  DeleteUserPoolClient = "Deletes an app client, so that no app can sign users in with its id.",
  DeleteUserPoolClientSecret = "Deletes one of an app client's two secrets, the last step of rotating them.",
  DeleteUserPoolDomain = "Takes the domain from the pool, which ends managed login and the OAuth endpoints there.",
  DeleteUserPoolReplica = "Deletes a replica of the pool in another Region and leaves the primary alone.",
  DeleteWebAuthnCredential = "Deletes a passkey of the signed-in user, such as one on a lost device.",
  DescribeIdentityProvider = "Shows the settings of one identity provider, found by its name.",
  DescribeManagedLoginBranding = "Shows a branding style of the managed login pages, found by its id.",
  DescribeManagedLoginBrandingByClient = "Shows the branding style of an app client's managed login pages.",
  DescribeResourceServer = "Shows one resource server and its scopes.",
  DescribeRiskConfiguration = "Shows how threat protection reacts to risks, for the pool or one app client.",
  DescribeTerms = "Shows a document of terms, found by its id.",
  DescribeTermsByClient = "Shows a document of terms, found by its app client and name.",
  DescribeUserImportJob = "Shows the state of an import job and its counts, to follow its progress.",
  DescribeUserPool = "Shows a pool's settings, such as its password policy and the ways to recover an account.",
  DescribeUserPoolClient = "Shows the settings of an app client, among them its secret, when you set up an app.",
  DescribeUserPoolDomain = "Shows the pool that a domain belongs to and the domain's state.",
  ForgetDevice = "Removes a remembered device of the signed-in user, such as a lost one.",
  ForgotPassword = "Sends a code for setting a new password, for a user who forgot the old one.",
  GetCSVHeader = "Returns the column names that the pool expects in a CSV file of users to import.",
  GetClientToken = "Returns an access token to an app client for itself, without a user, for calls from one "
    .. "service to another.",
  GetDevice = "Shows one device of the signed-in user, found by its key.",
  GetGroup = "Shows one group with its role and precedence.",
  GetIdentityProviderByIdentifier = "Finds the identity provider for an identifier, such as the domain of an e-mail "
    .. "address, to send a user to the right sign-in page.",
  GetLogDeliveryConfiguration = "Shows which logs the pool exports and where to, for example when you search for "
    .. "messages that were not delivered.",
  GetProvisionedLimit = "Shows the request rate that your account has for a category of operations, before you run "
    .. "many calls.",
  GetSigningCertificate = "Returns the certificate that the pool signs SAML requests with, to give to the provider.",
  GetTokensFromRefreshToken = "Exchanges a refresh token for new tokens, in app clients that rotate refresh tokens.",
  GetUICustomization = "Shows the logo and style sheet of the classic hosted UI.",
  GetUser = "Shows the signed-in user's own attributes and second factors.",
  GetUserAttributeVerificationCode = "Sends the signed-in user a code that verifies an e-mail address or phone "
    .. "number; `verify_user_attribute` takes it.",
  GetUserAuthFactors = "Lists the factors that the signed-in user can sign in with.",
  GetUserPoolClientSessionConfiguration = "Shows how long single sign-on sessions last for an app client.",
  GetUserPoolMfaConfig = "Shows which second factors the pool offers and whether they are required.",
  GetUserPoolSessionConfiguration = "Shows whether the pool tracks sessions and how many each user may have.",
  GlobalSignOut = "Revokes all tokens of the signed-in user, for \"sign out everywhere\".",
  InitiateAuth = "Starts a sign-in, or refreshes tokens, from an app without AWS credentials.",
  ListDevices = "Lists the devices of the signed-in user.",
  ListGroups = "Lists the pool's groups.",
  ListIdentityProviders = "Lists the identity providers that are connected to the pool.",
  ListResourceServers = "Lists the pool's resource servers and their scopes.",
  ListTagsForResource = "Lists the tags of a pool, for example to see who pays for it.",
  ListTerms = "Lists the documents of terms in the pool.",
  ListUserImportJobs = "Lists the pool's import jobs, to find the id of one.",
  ListUserPoolClientSecrets = "Lists an app client's secrets by id and age, when you rotate them.",
  ListUserPoolClients = "Lists the pool's app clients by id and name.",
  ListUserPoolReplicas = "Lists the Regions that hold the pool and the state of each replica.",
  ListUserPools = "Lists the pools of your account in one Region, to find a pool's id.",
  ListUserSessions = "Lists the active sessions of the signed-in user, for a page of signed-in devices; it needs "
    .. "session tracking.",
  ListUsers = "Lists or searches the pool's users, one attribute at a time, for example to find a user by "
    .. "e-mail address.",
  ListUsersInGroup = "Lists the users of one group.",
  ListWebAuthnCredentials = "Lists the passkeys of the signed-in user, to find one to delete.",
  ResendConfirmationCode = "Sends the code or link that confirms a sign-up again, when the first one was lost or has "
    .. "expired.",
  RespondToAuthChallenge = "Answers the challenge that `initiate_auth` returned, such as a second factor or a new "
    .. "password.",
  RevokeToken = "Revokes a refresh token and the access tokens that came from it, when one app signs out.",
  RevokeUserSession = "Ends another session of the signed-in user and revokes its tokens, for a page of signed-in "
    .. "devices.",
  SetLogDeliveryConfiguration = "Sets which logs the pool exports and where to; export delivery errors to learn why "
    .. "codes do not arrive.",
  SetRiskConfiguration = "Sets how threat protection reacts to risks, for the pool or one app client.",
  SetUICustomization = "Sets the logo and style sheet of the classic hosted UI.",
  SetUserMFAPreference = "Turns the signed-in user's second factors on or off and picks the preferred one.",
  SetUserPoolClientSessionConfiguration = "Sets how long single sign-on sessions last for an app client.",
  SetUserPoolMfaConfig = "Sets which second factors the pool offers and whether they are required.",
  SetUserPoolSessionConfiguration = "Turns session tracking on or off and limits the sessions of each user; it "
    .. "replaces the whole configuration.",
  SetUserSettings = "Turns the signed-in user's SMS codes on or off; obsolete, so call `set_user_mfa_preference` "
    .. "instead.",
  SignUp = "Registers a new user and sends the code or link that confirms the sign-up.",
  StartUserImportJob = "Starts an import job, once its CSV file is uploaded.",
  StartWebAuthnRegistration = "Returns the options from which the user's browser makes a passkey, the first step of "
    .. "registering one.",
  StopUserImportJob = "Stops an import job; the users that it has imported stay.",
  TagResource = "Puts tags on a pool, for costs or access rules.",
  UntagResource = "Takes tags off a pool.",
  UpdateAuthEventFeedback = "Reports to threat protection whether a sign-in was genuine, when the user follows the "
    .. "link in its message.",
  UpdateDeviceStatus = "Marks a device of the signed-in user as remembered or not.",
  UpdateGroup = "Changes a group's description, role or precedence.",
  UpdateIdentityProvider = "Changes the settings of an identity provider, for example after its keys have changed.",
  UpdateManagedLoginBranding = "Changes a branding style of the managed login pages.",
  UpdateProvisionedLimit = "Sets the request rate that your account has for a category of operations, between the "
    .. "default and your quota; it may cost money.",
  UpdateResourceServer = "Replaces the name and scopes of a resource server.",
  UpdateTerms = "Changes a document of terms, such as its links by language.",
  UpdateUserAttributes = "Changes attributes of the signed-in user; a new e-mail address or phone number may get a "
    .. "code that verifies it.",
  UpdateUserPool = "Changes a pool's settings; a setting that you leave out returns to its default, so read the pool "
    .. "first.",
  UpdateUserPoolClient = "Changes an app client's settings; a setting that you leave out returns to its default, so "
    .. "read the client first.",
  UpdateUserPoolDomain = "Changes the certificate or the login version of the pool's domain, for example before a "
    .. "certificate expires.",
  UpdateUserPoolReplica = "Activates or deactivates a replica of the pool, to move sign-ins into its Region or away.",
  VerifySoftwareToken = "Checks the first code of a user's authenticator app, which completes the set-up of that "
    .. "second factor.",
  VerifyUserAttribute = "Verifies an e-mail address or phone number of the signed-in user with the code that was sent "
    .. "there.",
}
