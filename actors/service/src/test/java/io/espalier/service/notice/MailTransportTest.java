package io.espalier.service.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.espalier.service.http.SelfSigned;
import io.espalier.service.notice.NoticeSettings.Login;
import io.espalier.service.notice.NoticeSettings.Mail;
import io.espalier.service.notice.NoticeSettings.Security;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** Mail to a real SMTP server. */
class MailTransportTest {
  private static final String PASSWORD = "hunter2-of-the-test";
  private static final int PATIENCE_S = 60;

  @TempDir private static Path directory;
  private static SelfSigned certificate;

  private final BlockingQueue<byte[]> mails = new LinkedBlockingQueue<>();

  @BeforeAll
  static void certify() throws Exception {
    certificate = SelfSigned.in(directory);
    Files.writeString(directory.resolve("password"), PASSWORD + "\n");
  }

  @Test
  void notice_isAShortPlainText() throws Exception {
    SMTPServer server = started(builder());
    try {
      // When
      send(
          mail(server, Security.NONE, Optional.empty(), false),
          NoticeSamples.failed("pear", "no disk"));

      // Then
      MimeMessage message = received();
      assertThat(message.getSubject()).isEqualTo("Espalier: pear failed: no disk");
      assertThat(message.getFrom())
          .extracting(Object::toString)
          .containsExactly("Espalier <espalier@example.org>");
      assertThat(message.getAllRecipients())
          .extracting(Object::toString)
          .containsExactly("ann@example.org", "bob@example.org");
      assertThat(message.getContentType()).startsWithIgnoringCase("text/plain");
      assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
      assertThat(message.getHeader("Message-ID")[0]).matches("<espalier-[0-9a-f-]+@example.org>");
      assertThat(text(message))
          .isEqualTo(
              """
              pear failed: no disk

              run        pear-20261201-1
              state      failed
              attempt    2
              node       n1
              steps      40 of 100
              result     accuracy 98.13%
              sparsity   90.00%
              time       2026-12-01T10:00:00Z
              notice     pear-20261201-1/2/failed

              https://e.example.org/dashboard/#/run/pear-20261201-1
              """);
    } finally {
      server.stop();
    }
  }

  @Test
  void notice_ofAName_thatWantsAHeaderOfItsOwn_getsNone() throws Exception {
    SMTPServer server = started(builder());
    try {
      // Given
      Notice hostile =
          NoticeSamples.failed(
              "pear\r\nBcc: x@y.org\r\n\r\nhello", "one\r\n.\r\nMAIL FROM:<a@b>\u202e\u0000");

      // When
      send(mail(server, Security.NONE, Optional.empty(), false), hostile);

      // Then
      MimeMessage message = received();
      assertThat(message.getHeader("Bcc")).isNull();
      assertThat(message.getSubject())
          .startsWith("Espalier: pear")
          .doesNotContain("\r", "\n", "\u202e", "\u0000");
      assertThat(text(message).lines().filter(line -> line.startsWith("Bcc"))).isEmpty();
      assertThat(mails).isEmpty();
    } finally {
      server.stop();
    }
  }

  @Test
  void server_withStartTlsAndPassword_takesMailOfWhoTrustsIt() throws Exception {
    SMTPServer server =
        started(
            authenticated(builder())
                .enableTLS()
                .requireTLS()
                .startTlsSocketFactory(MailTransportTest::upgraded));
    try {
      send(mail(server, Security.STARTTLS, login(), true), NoticeSamples.finished());
      Throwable strange =
          catchThrowable(
              () ->
                  send(mail(server, Security.STARTTLS, login(), false), NoticeSamples.finished()));

      assertThat(received().getSubject())
          .isEqualTo("Espalier: pear finished: accuracy 98.13%, sparsity 90.00%");
      assertThat(DeliveryException.text(strange)).contains("TLS");
      assertThat(mails).isEmpty();
    } finally {
      server.stop();
    }
  }

  @Test
  void server_withTls_takesMail() throws Exception {
    SMTPServer server =
        started(authenticated(builder()).serverSocketFactory(certificate.serving()));
    try {
      send(mail(server, Security.TLS, login(), true), NoticeSamples.alert());

      assertThat(received().getSubject())
          .isEqualTo(
              "Espalier: pear raised the alert dead-units at step 40: most outputs have no weight");
    } finally {
      server.stop();
    }
  }

  @Test
  void server_thatOffersNoTls_getsNoMailAndNoPassword() throws Exception {
    SMTPServer server = started(authenticated(builder()));
    try {
      Throwable failure =
          catchThrowable(
              () -> send(mail(server, Security.STARTTLS, login(), true), NoticeSamples.alert()));

      assertThat(DeliveryException.text(failure)).contains("STARTTLS").doesNotContain(PASSWORD);
      assertThat(mails).isEmpty();
    } finally {
      server.stop();
    }
  }

  @Test
  void password_thatIsWrong_isAFailureThatDoesNotShowIt() throws Exception {
    SMTPServer server =
        started(authenticated(builder()).serverSocketFactory(certificate.serving()));
    Path wrong = Files.writeString(directory.resolve("wrong"), "wrong-" + PASSWORD);
    try {
      Throwable failure =
          catchThrowable(
              () ->
                  send(
                      mail(
                          server,
                          Security.TLS,
                          Optional.of(new Login("espalier", new SecretFile(wrong))),
                          true),
                      NoticeSamples.alert()));

      assertThat(DeliveryException.text(failure)).contains("535").doesNotContain(PASSWORD);
      assertThat(mails).isEmpty();
    } finally {
      server.stop();
    }
  }

  private SMTPServer.Builder builder() {
    return new SMTPServer.Builder()
        .bindAddress(InetAddress.getLoopbackAddress())
        .port(0)
        .messageHandler((context, from, to, data) -> mails.add(data));
  }

  private static SMTPServer.Builder authenticated(SMTPServer.Builder builder) {
    return builder
        .requireAuth()
        .authenticationHandlerFactory(
            new EasyAuthenticationHandlerFactory(
                (user, password, context) -> {
                  if (!user.equals("espalier") || !password.equals(PASSWORD)) {
                    throw new LoginFailedException();
                  }
                }));
  }

  private static SSLSocket upgraded(Socket socket) throws IOException {
    try {
      SSLSocket upgraded =
          (SSLSocket)
              certificate
                  .serving()
                  .getSocketFactory()
                  .createSocket(socket, "127.0.0.1", socket.getPort(), true);
      upgraded.setUseClientMode(false);
      return upgraded;
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static SMTPServer started(SMTPServer.Builder builder) {
    SMTPServer server = builder.build();
    server.start();
    return server;
  }

  private static Optional<Login> login() {
    return Optional.of(new Login("espalier", new SecretFile(directory.resolve("password"))));
  }

  private static Mail mail(
      SMTPServer server, Security security, Optional<Login> login, boolean trusts) {
    return new Mail(
        "127.0.0.1",
        server.getPortAllocated(),
        security,
        login,
        "Espalier <espalier@example.org>",
        List.of("ann@example.org", "bob@example.org"),
        Optional.of(certificate.files().certificate()).filter(file -> trusts));
  }

  private static void send(Mail mail, Notice notice) throws Exception {
    new MailTransport(mail, Optional.of(URI.create("https://e.example.org")))
        .send(notice)
        .toCompletableFuture()
        .get(PATIENCE_S, TimeUnit.SECONDS);
  }

  private MimeMessage received() throws Exception {
    byte[] mail = mails.poll(PATIENCE_S, TimeUnit.SECONDS);
    return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(mail));
  }

  private static String text(MimeMessage message) throws Exception {
    return message.getContent().toString().replace("\r\n", "\n");
  }
}
