package io.espalier.federation.client;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.TimerScheduler;
import io.espalier.configs.fault.Backoff;
import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Hello;
import java.time.Duration;
import java.util.Optional;

/**
 * A client's stream to its server, which is opened again after each loss. Attempts are numbered, so
 * that late messages of an older one are recognised. Confined to the client's actor.
 */
final class ReconnectingStream {
  private static final int PROTOCOL = 1;

  private final ClientSettings settings;
  private final ActorRef<ClientCommand> client;
  private final TimerScheduler<ClientCommand> timers;
  private final Backoff backOff;
  private int attempt;
  private boolean joined;
  private Optional<Link> link = Optional.empty();
  private Optional<AttendCall> stream = Optional.empty();

  ReconnectingStream(
      ClientSettings settings,
      ActorRef<ClientCommand> client,
      TimerScheduler<ClientCommand> timers) {
    this.settings = settings;
    this.client = client;
    this.timers = timers;
    ClientSettings.Times times = settings.times();
    this.backOff = Backoff.jittered(times.firstWait(), times.longestWait(), settings.jitter());
  }

  int attempt() {
    return attempt;
  }

  boolean isJoined() {
    return joined;
  }

  Link link() {
    return link.orElseThrow();
  }

  /** Opens a stream and sends Hello; throws if no connection can succeed any more. */
  void connect() {
    close();
    attempt++;
    settings
        .times()
        .giveUpAfter()
        .filter(limit -> !timers.isTimerActive(ClientCommand.GiveUp.class))
        .ifPresent(
            limit ->
                timers.startSingleTimer(
                    ClientCommand.GiveUp.class, new ClientCommand.GiveUp(), limit));
    Link opened = settings.access().open();
    link = Optional.of(opened);
    AttendCall call = opened.attend(new Messages(client, attempt));
    stream = Optional.of(call);
    call.send(
        FromClient.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .addProtocolVersions(PROTOCOL)
                    .setSoftware(settings.software())
                    .setDensityCap(settings.densityCap())
                    .setMemoryCap(settings.memoryCap().orElse(0)))
            .build());
  }

  /** Sends Ready after Welcome. Waits are short again once the stream has lasted. */
  void join(FromClient ready) {
    joined = true;
    timers.cancel(ClientCommand.GiveUp.class);
    timers.startSingleTimer(
        ClientCommand.Settle.class, new ClientCommand.Settle(), settings.times().longestWait());
    send(ready);
  }

  void settle() {
    backOff.reset();
  }

  void send(FromClient message) {
    stream.ifPresent(call -> call.send(message));
  }

  /** Closes the stream and schedules the next attempt; returns the wait. */
  Duration retry() {
    close();
    Duration wait = backOff.next();
    timers.startSingleTimer(ClientCommand.Connect.class, new ClientCommand.Connect(), wait);
    return wait;
  }

  /** Closes the stream; its late messages are ignored. */
  void close() {
    attempt++;
    joined = false;
    timers.cancel(ClientCommand.Settle.class);
    timers.cancel(ClientCommand.Connect.class);
    stream.ifPresent(AttendCall::close);
    link.ifPresent(Link::close);
    stream = Optional.empty();
    link = Optional.empty();
  }

  private record Messages(ActorRef<ClientCommand> client, int attempt)
      implements AttendCall.Listener {
    @Override
    public void received(FromServer message) {
      client.tell(new ClientCommand.Received(attempt, message));
    }

    @Override
    public void ended(Optional<Exception> failure) {
      client.tell(new ClientCommand.StreamEnded(attempt, failure));
    }
  }
}
