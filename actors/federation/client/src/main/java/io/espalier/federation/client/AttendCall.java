package io.espalier.federation.client;

import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.transfer.ProgressTimeout;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/** The stream of control to the server. Thread-safe, and never blocks. */
public final class AttendCall implements AutoCloseable {
  /** Receives the server's messages. Called by one thread at a time; must not block. */
  public interface Listener {
    void received(FromServer message);

    /**
     * Ends the calls with a {@link ServerRefusedException} or {@link LinkLostException}; empty if
     * either end closed the stream in order.
     */
    void ended(Optional<Exception> failure);
  }

  private final Listener listener;
  private final ProgressTimeout answer;
  private final Receiver receiver = new Receiver();
  private Optional<ClientCallStreamObserver<FromClient>> out = Optional.empty();
  private boolean closed;

  AttendCall(Listener listener, ScheduledExecutorService timer, Duration limit) {
    this.listener = listener;
    this.answer =
        ProgressTimeout.start(timer, limit, () -> cancel("the server must answer in time"));
  }

  ClientResponseObserver<FromClient, FromServer> receiver() {
    return receiver;
  }

  /**
   * Sends a message. Progress is dropped while earlier messages wait, as the next one replaces it;
   * everything is dropped once the stream is over.
   */
  public synchronized void send(FromClient message) {
    ClientCallStreamObserver<FromClient> call = out.orElseThrow();
    if (!closed && (!message.hasProgress() || call.isReady())) {
      call.onNext(message);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      out.orElseThrow().onCompleted();
    }
  }

  private void cancel(String why) {
    Optional<ClientCallStreamObserver<FromClient>> call;
    synchronized (this) {
      closed = true;
      call = out;
    }
    call.ifPresent(running -> running.cancel(why, null));
  }

  private void over() {
    answer.stop();
    synchronized (this) {
      closed = true;
    }
  }

  private final class Receiver implements ClientResponseObserver<FromClient, FromServer> {
    @Override
    public void beforeStart(ClientCallStreamObserver<FromClient> call) {
      synchronized (AttendCall.this) {
        out = Optional.of(call);
      }
    }

    @Override
    public void onNext(FromServer message) {
      answer.stop();
      listener.received(message);
    }

    @Override
    public void onError(Throwable failure) {
      over();
      listener.ended(Optional.of(LinkLostException.of(failure)));
    }

    @Override
    public void onCompleted() {
      close();
      over();
      listener.ended(Optional.empty());
    }
  }
}
