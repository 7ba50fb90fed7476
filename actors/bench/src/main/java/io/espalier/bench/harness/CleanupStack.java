package io.espalier.bench.harness;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is undone at the end of the bench, however it ends: closed, or with its process by Ctrl-C.
 *
 * <p>The last added is undone first. Thread-safe.
 */
public final class CleanupStack implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CleanupStack.class);

  private final Thread hook = new Thread(this::undo, "bench-cleanup");
  private final Deque<Runnable> actions = new ArrayDeque<>();

  private CleanupStack() {}

  /** Watches the end of this process from now on. */
  public static CleanupStack start() {
    CleanupStack cleanup = new CleanupStack();
    Runtime.getRuntime().addShutdownHook(cleanup.hook);
    return cleanup;
  }

  public synchronized void add(Runnable action) {
    actions.push(action);
  }

  @Override
  public void close() {
    undo();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process ends: the hook runs, or has run.
      return;
    }
  }

  private synchronized void undo() {
    while (!actions.isEmpty()) {
      try {
        actions.pop().run();
      } catch (RuntimeException e) {
        LOG.warn("a bench could not clean up after itself", e);
      }
    }
  }
}
