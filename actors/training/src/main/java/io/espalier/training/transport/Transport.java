package io.espalier.training.transport;

import io.aeron.driver.MediaDriver;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;

/**
 * Moves transfers between actors of one process over Aeron IPC, with its own media driver. At most
 * one transfer of a name may be sent, and each is received once. Thread-safe.
 */
public final class Transport implements AutoCloseable {
  private static final String CHANNEL = "aeron:ipc";
  private static final int STREAM = 1001;
  private static final int TERM_BYTES = 8 * 1024 * 1024;
  private static final int FRAME_BYTES = 32 * 1024;

  private final AeronRuntime<TransferAgent> aeron;

  private Transport(AeronRuntime<TransferAgent> aeron) {
    this.aeron = aeron;
  }

  public static Transport start() {
    return start(SystemEpochClock.INSTANCE);
  }

  static Transport start(EpochClock wall) {
    return new Transport(
        AeronRuntime.startInOneThread(
            new MediaDriver.Context().ipcTermBufferLength(TERM_BYTES).ipcMtuLength(FRAME_BYTES),
            wall,
            client ->
                new TransferAgent(
                    client.addExclusivePublication(CHANNEL, STREAM),
                    client.addSubscription(CHANNEL, STREAM))));
  }

  /** Sends {@code bytes}, which must not change until the returned stage completes. */
  public CompletionStage<Void> send(TransferId id, ByteBuffer bytes) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    OutgoingTransfer transfer = new OutgoingTransfer(id, bytes.duplicate(), done);
    aeron.execute(() -> aeron.agent().send(transfer), done);
    return done;
  }

  /** The bytes of the transfer that {@code id} names, whenever they arrive; little-endian. */
  public CompletionStage<ByteBuffer> receive(TransferId id) {
    CompletableFuture<ByteBuffer> whole = new CompletableFuture<>();
    aeron.execute(() -> aeron.agent().incoming().claim(id, whole), whole);
    return whole;
  }

  /** A lane over this transport, which outlives it. */
  public Lane lane() {
    return new Lane() {
      @Override
      public CompletionStage<Void> send(TransferId id, ByteBuffer bytes) {
        return Transport.this.send(id, bytes);
      }

      @Override
      public CompletionStage<ByteBuffer> receive(TransferId id) {
        return Transport.this.receive(id);
      }

      @Override
      public void release(ByteBuffer received) {
        aeron.agent().incoming().release(received);
      }

      @Override
      public void close() {}
    };
  }

  /** How often a frame had to wait because the receiver was behind. */
  public long backPressure() {
    return aeron.agent().backPressure();
  }

  @Override
  public void close() {
    aeron.close();
  }
}
