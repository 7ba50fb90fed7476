package io.espalier.training.transport;

import io.aeron.Publication;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.Agent;

/** The one thread that touches an Aeron client: runs commands, sends and receives frames. */
abstract class AeronAgent implements Agent {
  static final int FRAMES_PER_TURN = 64;

  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final AtomicLong backPressure = new AtomicLong();
  private boolean closed;

  @Override
  public final int doWork() {
    return runCommands() + transferFrames();
  }

  @Override
  public final synchronized void onClose() {
    closed = true;
    runCommands();
    close(new IllegalStateException("the transport was closed"));
  }

  /** Runs {@code command} in this thread at its next turn; false if the agent was closed. */
  final synchronized boolean execute(Runnable command) {
    return !closed && commands.add(command);
  }

  /** How often a frame had to wait because its receiver was behind. */
  final long backPressure() {
    return backPressure.get();
  }

  /** Sends and receives some frames; returns how many. */
  abstract int transferFrames();

  abstract void onError(Throwable error);

  abstract void close(Throwable cause);

  /** Whether a frame must be offered again after this {@code position}; counts back pressure. */
  final boolean isRefusedForNow(long position) {
    if (position == Publication.BACK_PRESSURED) {
      backPressure.incrementAndGet();
    }
    return isTemporary(position);
  }

  static boolean isTemporary(long position) {
    return position == Publication.NOT_CONNECTED
        || position == Publication.BACK_PRESSURED
        || position == Publication.ADMIN_ACTION;
  }

  static IllegalStateException refusal(long position) {
    return new IllegalStateException("Aeron refused a frame: " + Publication.errorString(position));
  }

  private int runCommands() {
    int count = 0;
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
      count++;
    }
    return count;
  }
}
