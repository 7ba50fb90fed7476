package io.espalier.service.notice;

import io.espalier.service.http.TrustedCertificates;
import io.espalier.service.notice.NoticeSettings.Login;
import io.espalier.service.notice.NoticeSettings.Mail;
import io.espalier.service.notice.NoticeSettings.Security;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Sends notices as plain text by SMTP, each on a thread of its own. */
final class MailTransport implements NoticeTransport {
  private static final Duration STEP = Duration.ofSeconds(15);
  private static final Duration WHOLE = Duration.ofMinutes(1);

  private final Mail mail;
  private final Optional<URI> publicUrl;

  MailTransport(Mail mail, Optional<URI> publicUrl) {
    this.mail = mail;
    this.publicUrl = publicUrl;
  }

  @Override
  public CompletionStage<Void> send(Notice notice) {
    return CompletableFuture.runAsync(() -> deliver(notice), MailTransport::start)
        .orTimeout(WHOLE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "espalier-mail");
    thread.setDaemon(true);
    thread.start();
  }

  private void deliver(Notice notice) {
    try {
      Session session = Session.getInstance(properties());
      MimeMessage message = message(session, notice);
      try (Transport transport = session.getTransport("smtp")) {
        if (mail.login().isPresent()) {
          Login login = mail.login().get();
          transport.connect(mail.host(), mail.port(), login.user(), login.password().read());
        } else {
          transport.connect(mail.host(), mail.port(), null, null);
        }
        transport.sendMessage(message, message.getAllRecipients());
      }
    } catch (MessagingException | IOException e) {
      throw new CompletionException(new DeliveryException(DeliveryException.text(e), e));
    }
  }

  private Properties properties() throws IOException {
    Properties properties = new Properties();
    String step = Long.toString(STEP.toMillis());
    properties.put("mail.smtp.connectiontimeout", step);
    properties.put("mail.smtp.timeout", step);
    properties.put("mail.smtp.writetimeout", step);
    properties.put("mail.smtp.auth", Boolean.toString(mail.login().isPresent()));
    properties.put("mail.smtp.localhost", "localhost");
    properties.put("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    properties.put("mail.smtp.ssl.enable", Boolean.toString(mail.security() == Security.TLS));
    boolean isUpgraded = mail.security() == Security.STARTTLS;
    properties.put("mail.smtp.starttls.enable", Boolean.toString(isUpgraded));
    properties.put("mail.smtp.starttls.required", Boolean.toString(isUpgraded));
    if (mail.authority().isPresent()) {
      properties.put(
          "mail.smtp.ssl.socketFactory",
          TrustedCertificates.context(mail.authority().get()).getSocketFactory());
    }
    return properties;
  }

  private MimeMessage message(Session session, Notice notice) throws MessagingException {
    MimeMessage message = new IdentifiedMessage(session, messageId(notice));
    message.setFrom(new InternetAddress(mail.from()));
    for (String each : mail.to()) {
      message.addRecipient(RecipientType.TO, new InternetAddress(each));
    }
    message.setSubject(NoticeText.subject(notice), StandardCharsets.UTF_8.name());
    message.setText(NoticeText.body(notice, publicUrl), StandardCharsets.UTF_8.name());
    message.setSentDate(Date.from(notice.time()));
    message.setHeader("Auto-Submitted", "auto-generated");
    return message;
  }

  /** The id is the same for each attempt, so that mail programs can drop a second arrival. */
  private String messageId(Notice notice) {
    UUID name = UUID.nameUUIDFromBytes(notice.id().getBytes(StandardCharsets.UTF_8));
    return "<espalier-%s@%s>".formatted(name, mail.from().replaceAll(".*@|>.*", ""));
  }

  private static final class IdentifiedMessage extends MimeMessage {
    private final String id;

    IdentifiedMessage(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
