package io.espalier.federation.server;

import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Goodbye;
import io.espalier.federation.protocol.Hello;
import io.espalier.federation.protocol.Progress;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.refusal.PrintableText;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.federation.server.AuthenticationInterceptor.AuthenticatedCall;
import io.espalier.federation.server.FederationService.Shared;
import io.espalier.federation.transfer.ProgressTimeout;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One Attend stream. Thread-safe: received messages are handled under one lock, which is held while
 * the handler is called; sending has another, so that a sender never waits for the handler.
 */
final class ClientStream implements StreamObserver<FromClient>, ClientSession {
  private final Shared shared;
  private final AuthenticatedCall caller;
  private final Map<String, ClientStream> sessions;
  private final ServerCallStreamObserver<FromServer> out;
  private final Object arrival = new Object();
  private final NewestProgress progress = new NewestProgress(System.nanoTime());
  private OptionalInt version = OptionalInt.empty();
  private Optional<Future<?>> expiry = Optional.empty();
  private boolean ready;
  private boolean left;
  private final Object departure = new Object();
  private final Queue<FromServer> unsent = new ArrayDeque<>();
  private boolean ending;
  private boolean closed;
  private Optional<ProgressTimeout> closing = Optional.empty();

  ClientStream(
      Shared shared,
      AuthenticatedCall caller,
      Map<String, ClientStream> sessions,
      ServerCallStreamObserver<FromServer> out) {
    this.shared = shared;
    this.caller = caller;
    this.sessions = sessions;
    this.out = out;
  }

  void begin() {
    out.disableAutoRequest();
    out.setOnReadyHandler(this::drain);
    out.setOnCancelHandler(this::gone);
    out.setOnCloseHandler(this::gone);
    out.request(1);
  }

  @Override
  public String client() {
    return caller.client();
  }

  @Override
  public int protocolVersion() {
    synchronized (arrival) {
      return version.orElseThrow();
    }
  }

  @Override
  public void onNext(FromClient message) {
    synchronized (arrival) {
      if (!left) {
        handle(message);
      }
    }
    out.request(1);
  }

  @Override
  public void onError(Throwable cause) {
    gone();
  }

  @Override
  public void onCompleted() {
    leave();
    close(Optional.empty());
  }

  @Override
  public void send(FromServer message) {
    boolean tooMany;
    synchronized (departure) {
      if (ending) {
        return;
      }
      tooMany = unsent.size() >= shared.settings().limits().unsentMessages();
      if (tooMany) {
        ending = true;
        closed = true;
        unsent.clear();
      } else {
        unsent.add(message);
      }
    }
    if (tooMany) {
      shared.executor().execute(() -> shared.cut(caller, "a client must read what it is sent"));
    } else {
      drain();
    }
  }

  @Override
  public void end(FromServer last) {
    close(Optional.of(last));
    shared.executor().execute(this::leave);
  }

  private void handle(FromClient message) {
    FromClient.MessageCase kind = message.getMessageCase();
    if (version.isEmpty() != (kind == FromClient.MessageCase.HELLO)) {
      refuse(RefusalReason.MALFORMED, "a session must begin with its one Hello: message=" + kind);
      return;
    }
    Optional<String> broken = MessageRules.broken(message);
    if (broken.isPresent()) {
      refuse(RefusalReason.MALFORMED, broken.get());
    } else if (kind == FromClient.MessageCase.HELLO) {
      greet(message.getHello());
    } else if (kind == FromClient.MessageCase.READY) {
      makeReady(message.getReady());
    } else if (kind == FromClient.MessageCase.FAILED) {
      shared.handler().failed(this, message.getFailed());
    } else {
      note(message.getProgress());
    }
  }

  private void makeReady(Ready message) {
    if (ready) {
      refuse(RefusalReason.MALFORMED, "a session must have one Ready; attend anew to say another");
    } else {
      ready = true;
      shared.handler().ready(this, message);
    }
  }

  private void note(Progress message) {
    progress.offer(message, System.nanoTime()).ifPresent(this::handOnAfter);
  }

  private void handOnAfter(long waitNs) {
    if (waitNs == 0) {
      handOn();
    } else {
      var unused =
          shared
              .timer()
              .schedule(
                  () -> shared.executor().execute(this::handOn), waitNs, TimeUnit.NANOSECONDS);
    }
  }

  private void handOn() {
    synchronized (arrival) {
      if (!left) {
        progress
            .take(System.nanoTime())
            .ifPresent(newest -> shared.handler().progressed(this, newest));
      }
    }
  }

  private void greet(Hello hello) {
    OptionalInt common =
        hello.getProtocolVersionsList().stream()
            .mapToInt(Integer::intValue)
            .filter(Gateway.PROTOCOL_VERSIONS::contains)
            .max();
    if (common.isEmpty()) {
      refuse(
          RefusalReason.UNSUPPORTED_PROTOCOL,
          "client and server must have a protocol version in common: client=%s, server=%s"
              .formatted(
                  hello.getProtocolVersionsList().stream().limit(8).toList(),
                  Gateway.PROTOCOL_VERSIONS));
    } else if (!(hello.getDensityCap() > 0 && hello.getDensityCap() <= 1)) {
      refuse(
          RefusalReason.MALFORMED,
          "a density cap must be above 0 and up to 1: density_cap=" + hello.getDensityCap());
    } else {
      version = common;
      caller.expires().ifPresent(this::endAt);
      ClientStream older = sessions.put(client(), this);
      if (older != null) {
        older.dismiss("replaced");
      }
      String software = PrintableText.of(hello.getSoftware(), hello.getSoftware().length());
      shared.handler().attended(this, hello.toBuilder().setSoftware(software).build());
    }
  }

  private void endAt(Instant expires) {
    long wait = Math.max(0, Duration.between(Instant.now(), expires).toSeconds() + 1);
    expiry =
        Optional.of(
            shared
                .timer()
                .schedule(
                    () -> shared.executor().execute(() -> dismiss("stopping")),
                    wait,
                    TimeUnit.SECONDS));
  }

  private void dismiss(String reason) {
    leave();
    close(
        Optional.of(
            FromServer.newBuilder().setGoodbye(Goodbye.newBuilder().setReason(reason)).build()));
  }

  private void refuse(RefusalReason reason, String detail) {
    shared.refused(caller, reason, detail);
    leave();
    close(Optional.of(FromServer.newBuilder().setRefusal(reason.refusal(detail)).build()));
  }

  private void leave() {
    synchronized (arrival) {
      if (!left) {
        left = true;
        expiry.ifPresent(timed -> timed.cancel(false));
        if (version.isPresent()) {
          sessions.remove(client(), this);
          shared.handler().left(this);
        }
      }
    }
  }

  private void close(Optional<FromServer> last) {
    synchronized (departure) {
      if (ending) {
        return;
      }
      ending = true;
      last.ifPresent(unsent::add);
      closing =
          Optional.of(
              ProgressTimeout.start(
                  shared.timer(),
                  shared.settings().times().hello(),
                  () -> shared.cut(caller, "a client must read what it is sent last")));
    }
    drain();
  }

  private void drain() {
    synchronized (departure) {
      while (!unsent.isEmpty() && out.isReady()) {
        out.onNext(unsent.remove());
      }
      if (ending && unsent.isEmpty() && !closed) {
        closed = true;
        out.onCompleted();
      }
    }
  }

  private void gone() {
    synchronized (departure) {
      ending = true;
      closed = true;
      unsent.clear();
      closing.ifPresent(ProgressTimeout::stop);
    }
    leave();
  }
}
