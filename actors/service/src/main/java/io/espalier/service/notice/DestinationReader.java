package io.espalier.service.notice;

import io.espalier.service.http.TrustedCertificates;
import io.espalier.service.notice.NoticeSettings.Destination;
import io.espalier.service.notice.NoticeSettings.Kind;
import io.espalier.service.notice.NoticeSettings.Login;
import io.espalier.service.notice.NoticeSettings.Mail;
import io.espalier.service.notice.NoticeSettings.Security;
import io.espalier.service.notice.NoticeSettings.Webhook;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads one destination of the settings of notices. */
final class DestinationReader {
  private static final List<String> WEBHOOK_KEYS =
      List.of("kind", "events", "url", "secret-file", "ca-file", "plaintext");
  private static final List<String> MAIL_KEYS =
      List.of(
          "kind",
          "events",
          "host",
          "port",
          "security",
          "user",
          "password-file",
          "from",
          "to",
          "ca-file");
  private static final int SHORTEST_SECRET = 16;
  private static final int MOST_RECIPIENTS = 50;

  private final NoticeSection section;

  private DestinationReader(NoticeSection section) {
    this.section = section;
  }

  /** The destination; absent where a problem was noted. */
  static Optional<Destination> read(String name, NoticeSection section) {
    return new DestinationReader(section).destination(name);
  }

  private Optional<Destination> destination(String name) {
    int before = section.problems().size();
    Set<NoticeEvent> events = events();
    String kind = section.required("kind", "webhook or mail").orElse("");
    Optional<Kind> read = Optional.empty();
    if (kind.equals("webhook")) {
      section.requireOnly(WEBHOOK_KEYS);
      read = webhook();
    } else if (kind.equals("mail")) {
      section.requireOnly(MAIL_KEYS);
      read = mail();
    } else {
      section.require("kind", kind, kind.isEmpty(), "webhook or mail");
    }
    boolean isGood = section.problems().size() == before;
    return read.filter(each -> isGood).map(each -> new Destination(name, events, each));
  }

  private Set<NoticeEvent> events() {
    Set<NoticeEvent> events = EnumSet.noneOf(NoticeEvent.class);
    if (!section.keys().contains("events")) {
      events.addAll(NoticeEvent.OF_RUNS);
      return events;
    }
    List<String> words = section.texts("events");
    String rule = "a list of one or more of " + String.join(", ", NoticeEvent.words());
    section.require("events", words, !words.isEmpty(), rule);
    for (String word : words) {
      Optional<NoticeEvent> event = NoticeEvent.named(word);
      section.require("events", word, event.isPresent(), rule);
      event.ifPresent(events::add);
    }
    return events;
  }

  private Optional<Kind> webhook() {
    Optional<URI> url =
        section
            .required("url", "\"https://HOST/PATH\"")
            .flatMap(text -> NoticeUrl.ofWebhook(section, "url", text));
    section.required("secret-file", "FILE, such as one that 'openssl rand -hex 32' has written");
    Optional<SecretFile> secret = secret("secret-file", SHORTEST_SECRET);
    Optional<Path> authority = authority();
    return url.isPresent() && secret.isPresent()
        ? Optional.of(new Webhook(url.get(), secret.get(), authority))
        : Optional.empty();
  }

  private Optional<SecretFile> secret(String key, int shortest) {
    return section
        .path(key)
        .map(SecretFile::new)
        .filter(
            file -> {
              try {
                return section.require(
                    key,
                    file.file(),
                    file.read().length() >= shortest,
                    "a file with a secret of %d characters or more; write one with openssl rand -hex 32"
                        .formatted(shortest));
              } catch (IOException e) {
                section.add(
                    key, e.getMessage() + "; make it readable for the service, or correct " + key);
                return false;
              }
            });
  }

  private Optional<Path> authority() {
    Optional<Path> file = section.path("ca-file");
    file.ifPresent(
        path -> {
          try {
            var unused = TrustedCertificates.context(path);
          } catch (IOException e) {
            section.add("ca-file", e.getMessage() + "; name a PEM file, or leave ca-file away");
          }
        });
    return file;
  }

  private Optional<Kind> mail() {
    String host = section.required("host", "smtp.example.org").orElse("");
    section.require(
        "host",
        host,
        host.isEmpty() || host.matches("[A-Za-z0-9.:-]{1,253}"),
        "the name or address of an SMTP server");
    Security security = security();
    int port = section.number("port").orElse(security == Security.TLS ? 465 : 587);
    section.require("port", port, port >= 1 && port <= 65_535, "1 to 65535");
    Optional<Login> login = login(host, security);
    String from = section.required("from", "\"espalier@example.org\"").orElse("");
    List<String> to = section.texts("to");
    section.require(
        "to",
        to.size(),
        !to.isEmpty() && to.size() <= MOST_RECIPIENTS,
        "1 to %d addresses; write to = [\"ann@example.org\"]".formatted(MOST_RECIPIENTS));
    section.require("from", from, from.isEmpty() || isAddress(from), "one mail address");
    to.forEach(each -> section.require("to", each, isAddress(each), "mail addresses"));
    return Optional.of(new Mail(host, port, security, login, from, to, authority()));
  }

  private Security security() {
    String word = section.text("security").orElse("starttls");
    Optional<Security> security =
        Stream.of(Security.values())
            .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word))
            .findFirst();
    section.require("security", word, security.isPresent(), "starttls, tls or none");
    return security.orElse(Security.STARTTLS);
  }

  private Optional<Login> login(String host, Security security) {
    Optional<String> user = section.text("user");
    Optional<SecretFile> password = secret("password-file", 1);
    boolean both = user.isPresent() == section.keys().contains("password-file");
    section.require(
        "user",
        user.orElse("none"),
        both,
        "given together with password-file; give both, or neither");
    section.require(
        "security",
        "none",
        user.isEmpty() || security != Security.NONE || NoticeUrl.isLoopback(host),
        "starttls or tls where there is a password, unless the server is on this machine; choose starttls, as the password would travel in the clear");
    return user.flatMap(name -> password.map(file -> new Login(name, file)));
  }

  private static boolean isAddress(String text) {
    try {
      InternetAddress[] addresses = InternetAddress.parse(text, true);
      return addresses.length == 1
          && addresses[0].getAddress().contains("@")
          && text.chars().noneMatch(Character::isISOControl);
    } catch (AddressException e) {
      return false;
    }
  }
}
