package io.espalier.service.notice;

import io.espalier.service.http.TrustedCertificates;
import io.espalier.service.notice.NoticeSettings.Webhook;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** Posts notices as signed JSON. It follows no redirect and reads no body of an answer. */
final class WebhookTransport implements NoticeTransport {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(15);

  private final Webhook webhook;
  private final Optional<URI> publicUrl;
  private final InstantSource clock;
  private Optional<HttpClient> client = Optional.empty();

  WebhookTransport(Webhook webhook, Optional<URI> publicUrl, InstantSource clock) {
    this.webhook = webhook;
    this.publicUrl = publicUrl;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Void> send(Notice notice) {
    try {
      return client()
          .sendAsync(request(notice), answer -> new NoBody())
          .orTimeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
          .handle(this::accepted);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(new DeliveryException(DeliveryException.text(e), e));
    }
  }

  /** Made for the first notice: an idle service has no thread of it. */
  private synchronized HttpClient client() throws IOException {
    if (client.isEmpty()) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(CONNECT);
      if (webhook.authority().isPresent()) {
        builder.sslContext(TrustedCertificates.context(webhook.authority().get()));
      }
      client = Optional.of(builder.build());
    }
    return client.get();
  }

  private HttpRequest request(Notice notice) throws IOException {
    byte[] body = NoticeDocument.of(notice, publicUrl).toString().getBytes(StandardCharsets.UTF_8);
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    return HttpRequest.newBuilder(webhook.url())
        .timeout(ANSWER)
        .header("Content-Type", "application/json")
        .header("User-Agent", "Espalier")
        .header("Idempotency-Key", notice.id())
        .header("X-Espalier-Event", notice.event().word())
        .header("X-Espalier-Timestamp", timestamp)
        .header(
            "X-Espalier-Signature", WebhookSignature.of(webhook.secret().read(), timestamp, body))
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  private Void accepted(HttpResponse<Void> answer, Throwable failure) {
    if (failure != null) {
      throw new CompletionException(
          new DeliveryException(DeliveryException.text(failure), failure));
    }
    int status = answer.statusCode();
    if (status < 200 || status > 299) {
      throw new CompletionException(
          new DeliveryException(
              status >= 300 && status < 400
                  ? "it must take a notice itself, as redirects are not followed: status=" + status
                  : "it must answer with a status of 200 to 299: status=" + status));
    }
    return answer.body();
  }

  /** Ends the connection of an answer that has a body. */
  private static final class NoBody implements BodySubscriber<Void> {
    @Override
    public CompletionStage<Void> getBody() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.cancel();
    }

    @Override
    public void onNext(List<ByteBuffer> item) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }
}
