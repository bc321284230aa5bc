--- German.

return {
  error_title = "Fehler: {title}",
  errors = "Bitte prüfen Sie dies",
  steps_label = "Fortschritt",
  step_1 = "Konto",
  step_2 = "Code",
  step_3 = "Fertig",

  username = "Benutzername oder E-Mail-Adresse",
  code = "Code",
  code_hint = "Aus unserer neuesten Nachricht. Leerzeichen spielen keine Rolle.",
  password = "Passwort",
  new_password = "Neues Passwort",
  show = "Zeigen",
  hide = "Verbergen",
  show_password = "Passwort zeigen",
  hide_password = "Passwort verbergen",

  rules = "Ihr neues Passwort braucht:",
  rule_length = "mindestens {count} Zeichen",
  rule_upper = "einen Großbuchstaben (A–Z)",
  rule_lower = "einen Kleinbuchstaben (a–z)",
  rule_digit = "eine Ziffer (0–9)",
  rule_symbol = "ein Sonderzeichen, etwa ! ? # oder %",
  rule_ends = "kein Leerzeichen am Anfang oder Ende",
  rule_met = "(erfüllt)",
  rule_missing = "(fehlt)",
  between_rules = ", ",

  no_username = "Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.",
  no_code = "Geben Sie den Code aus unserer Nachricht ein.",
  no_app_code = "Geben Sie den Code ein, den die App zeigt.",
  no_password = "Geben Sie Ihr Passwort ein.",
  no_new_password = "Geben Sie ein neues Passwort ein.",
  no_choice = "Wählen Sie eine Möglichkeit.",
  no_value = "Bitte ausfüllen: {label}.",
  too_long = "Das ist zu lang.",
  weak_password = "Ihrem neuen Passwort fehlt noch: {rules}.",

  ask_password_title = "Passwort vergessen?",
  ask_password_lead = "Das kommt vor. Sagen Sie uns, wer Sie sind. Wir senden Ihnen einen Code für ein neues Passwort.",
  ask_password_button = "Code senden",
  confirm_password_title = "Neues Passwort festlegen",
  confirm_password_button = "Passwort festlegen",
  done_password_title = "Ihr neues Passwort gilt",
  done_password_lead = "Melden Sie sich ab jetzt mit dem neuen Passwort an.",

  ask_sign_up_title = "Registrierung bestätigen",
  ask_sign_up_lead = "Code verloren? Nennen Sie uns den Namen Ihrer Registrierung. Wir senden den Code erneut.",
  ask_sign_up_button = "Erneut senden",
  confirm_sign_up_title = "Registrierung bestätigen",
  confirm_sign_up_button = "Bestätigen",
  done_sign_up_title = "Willkommen, Ihr Konto ist bestätigt",
  done_sign_up_lead = "Sie können sich jetzt mit Ihrem Passwort anmelden.",

  sent = "Falls es ein Konto für {name} gibt, ist ein Code unterwegs an die Adresse oder Nummer, die wir kennen.",
  sent_again = "Falls es ein Konto für {name} gibt, ist ein weiterer Code unterwegs. Nur der neueste gilt.",
  not_sent = "Bei uns stimmt etwas nicht, und es wurde kein Code gesendet. Bitte versuchen Sie es in einigen Minuten "
    .. "noch einmal.",

  not_accepted = "Das hat nicht geklappt. Prüfen Sie den Namen, und nehmen Sie den Code aus unserer neuesten "
    .. "Nachricht. Ein Code gilt einmal und nur für kurze Zeit; fordern Sie im Zweifel einen neuen an.",
  bad_password = "Dieses Passwort ist nicht möglich. Bitte wählen Sie ein anderes.",
  try_later_password = "Bei uns stimmt etwas nicht. Vielleicht gilt Ihr neues Passwort schon: Melden Sie sich damit "
    .. "an, oder senden Sie dieses Formular in einigen Minuten noch einmal.",
  try_later_sign_up = "Bei uns stimmt etwas nicht. Vielleicht ist Ihr Konto schon bestätigt: Melden Sie sich an, "
    .. "oder senden Sie dieses Formular in einigen Minuten noch einmal.",

  no_message = "Keine Nachricht?",
  no_message_help = "Warten Sie einige Minuten, und sehen Sie im Spam-Ordner nach.",
  again = "Neuen Code senden",
  start_again = "Code anfordern",
  have_code = "Ich habe schon einen Code",
  to_sign_up = "Code der Registrierung erneut senden",
  to_sign_up_why = "Registriert, aber nie bestätigt?",
  to_password = "Neues Passwort festlegen",
  to_password_why = "Passwort vergessen?",
  to_sign_in = "Zurück zur Anmeldung",
  help = "Hilfe holen",
  help_why = "Nichts davon hilft?",

  sign_in_title = "Anmelden",
  sign_in_button = "Anmelden",
  sign_in_refused = "Das hat nicht geklappt. Prüfen Sie Namen und Passwort. Wurde Ihr Passwort zurückgesetzt oder Ihre "
    .. "Registrierung nie bestätigt, helfen die Links unten.",
  sign_in_later = "Bei uns stimmt etwas nicht. Bitte versuchen Sie es in einigen Minuten noch einmal.",
  sign_in_again = "Die Anmeldung hat zu lange gedauert oder zu viele Versuche gebraucht. Bitte melden Sie sich neu an.",
  sign_in_elsewhere = "Ihr Konto verlangt etwas, das diese Seite nicht kann. Bitte wenden Sie sich an unser Team.",

  factor_title = "Noch ein Schritt",
  factor_sms = "Geben Sie den Code ein, den wir per SMS an {destination} gesendet haben.",
  factor_email = "Geben Sie den Code ein, den wir per E-Mail an {destination} gesendet haben.",
  factor_app = "Geben Sie den Code ein, den Ihre Authenticator-App zeigt.",
  factor_code_hint = "Leerzeichen spielen keine Rolle.",
  factor_button = "Weiter",
  remember = "In diesem Browser {days} Tage lang keinen Code verlangen",
  factor_refused = "Dieser Code ging nicht. Warten Sie auf den nächsten in Ihrer App, oder nehmen Sie den aus unserer "
    .. "neuesten Nachricht.",
  factor_lost = "Kein Code oder Telefon verloren?",
  factor_lost_help = "Melden Sie sich neu an, um einen weiteren Code zu erhalten. Ist das Telefon weg, kann unser Team "
    .. "es aus Ihrem Konto entfernen.",

  choose_title = "Wie möchten Sie zeigen, dass Sie es sind?",
  choose_sms = "Per SMS",
  choose_email = "Per E-Mail",
  choose_app = "Mit einer Authenticator-App",
  choose_no_passkey = "Diese Seite nimmt keine Passkeys an. Bitte machen Sie auf einem dieser Wege weiter.",

  setup_title = "Authenticator-App einrichten",
  setup_lead = "Ihr Konto verlangt beim Anmelden einen zweiten Schritt: einen Code aus einer Authenticator-App, etwa "
    .. "auf Ihrem Telefon.",
  setup_scan = "Scannen Sie dieses Bild mit der App, oder tippen Sie den Schlüssel ein:",
  setup_type = "Tippen Sie diesen Schlüssel in die App ein:",
  setup_picture = "QR-Code mit dem Schlüssel",
  setup_link = "Authenticator-App auf diesem Gerät öffnen",
  setup_code_hint = "Die sechs Ziffern, die die App jetzt zeigt. Leerzeichen spielen keine Rolle.",
  setup_refused = "Dieser Code ging nicht. Prüfen Sie, ob die App diesen Schlüssel hat und ob die Uhr Ihres Geräts "
    .. "stimmt. Geben Sie dann den nächsten Code ein.",

  first_password_title = "Neues Passwort wählen",
  first_password_lead = "Ihr Passwort war vorläufig. Wählen Sie eines, das nur Sie kennen.",
  first_password_button = "Festlegen und anmelden",

  attribute_address = "Anschrift",
  attribute_birthdate = "Geburtsdatum (Jahr-Monat-Tag)",
  attribute_email = "E-Mail-Adresse",
  attribute_family_name = "Nachname",
  attribute_gender = "Geschlecht",
  attribute_given_name = "Vorname",
  attribute_middle_name = "Zweiter Vorname",
  attribute_name = "Vollständiger Name",
  attribute_nickname = "Spitzname",
  attribute_phone_number = "Telefonnummer, mit + und Landesvorwahl",
  attribute_preferred_username = "Bevorzugter Benutzername",
  attribute_website = "Website",

  signed_in_title = "Sie sind angemeldet",
  signed_in_lead = "Alles geht wieder.",
  go_on = "Weiter",
  sign_out = "Abmelden",
  sign_out_everywhere = "Auf allen Geräten abmelden",

  back = "Zurück zum Anfang",
  back_to_form = "Noch einmal versuchen",
  footer = "Behalten Sie den Code für sich. Unser Team fragt nie danach.",

  problem_400_title = "Das konnten wir nicht lesen",
  problem_400_lead = "Bitte gehen Sie zurück, und füllen Sie das Formular noch einmal aus.",
  problem_403_title = "Dieses Formular gilt nicht mehr",
  problem_403_lead = "Zu Ihrem Schutz nehmen wir nur Formulare an, die hier vor Kurzem geöffnet wurden. "
    .. "Es wurde nichts gesendet oder geändert. Bitte beginnen Sie von vorn. "
    .. "Sehen Sie dies noch einmal, erlauben Sie dieser Website Cookies.",
  problem_404_title = "Diese Seite gibt es nicht",
  problem_404_lead = "Vielleicht ist die Adresse falsch geschrieben.",
  problem_405_title = "So lässt sich diese Seite nicht benutzen",
  problem_405_lead = "Bitte beginnen Sie von vorn.",
  problem_413_title = "Das war zu viel auf einmal",
  problem_413_lead = "Bitte gehen Sie zurück, und kürzen Sie Ihre Eingaben.",
  problem_429_title = "Das ging etwas zu schnell",
  problem_429_lead = "Damit niemand Konten errät, nehmen wir nur wenige Versuche nacheinander an. "
    .. "Bitte warten Sie einige Minuten, und versuchen Sie es dann noch einmal.",
  problem_500_title = "Bei uns stimmt etwas nicht",
  problem_500_lead = "Bitte versuchen Sie es in einigen Minuten noch einmal.",
}
