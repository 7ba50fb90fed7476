package io.espalier.federation.client;

import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Renews a client's certificate in time. Confined to the client's actor. */
record CertificateRenewal(
    ClientSettings settings,
    ActorContext<ClientCommand> context,
    TimerScheduler<ClientCommand> timers) {
  private static final Duration RETRY = Duration.ofMinutes(1);

  void plan() {
    settings.access().untilRenewal().ifPresent(this::checkAfter);
  }

  private void checkAfter(Duration wait) {
    timers.startSingleTimer(
        ClientCommand.CheckCertificate.class, new ClientCommand.CheckCertificate(), wait);
  }

  void check() {
    if (!settings.access().untilRenewal().equals(Optional.of(Duration.ZERO))) {
      plan();
      return;
    }
    CompletionStage<Void> renewal =
        CompletableFuture.runAsync(
            this::renew, context.getSystem().dispatchers().lookup(DispatcherSelector.blocking()));
    context.pipeToSelf(
        renewal, (done, failure) -> new ClientCommand.RenewalEnded(Failure.of(failure)));
  }

  private void renew() {
    try {
      settings.access().renew();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean ended(Optional<Failure> failure) {
    if (failure.isPresent()) {
      settings.listener().accept(new ClientEvent.RenewalFailed(failure.get().text(), RETRY));
      checkAfter(RETRY);
      return false;
    }
    settings.listener().accept(new ClientEvent.Renewed());
    plan();
    return true;
  }
}
