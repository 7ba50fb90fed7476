package io.espalier.service.notice;

import io.espalier.service.notice.NoticeSettings.Destination;
import io.espalier.service.notice.NoticeSettings.Mail;
import io.espalier.service.notice.NoticeSettings.Webhook;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Delivers notices to one destination. Thread-safe. */
public interface NoticeTransport {
  /**
   * Tries once to deliver a notice; completes once the destination has taken it. A failure is a
   * {@link DeliveryException}, whose message holds no secret.
   */
  CompletionStage<Void> send(Notice notice);

  static NoticeTransport of(Destination destination, Optional<URI> publicUrl, InstantSource clock) {
    return destination.kind() instanceof Webhook webhook
        ? new WebhookTransport(webhook, publicUrl, clock)
        : new MailTransport((Mail) destination.kind(), publicUrl);
  }
}
