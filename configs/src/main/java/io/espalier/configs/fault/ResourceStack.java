package io.espalier.configs.fault;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes the resources that one owner has opened, in reverse order, each once. Its owner adds each
 * resource as soon as it is open, so that a start which fails half-way leaves nothing open.
 * Confined to the owner's thread until the owner is built; {@link #close} is thread-safe.
 */
public final class ResourceStack implements AutoCloseable {
  private final Deque<Resource> opened = new ArrayDeque<>();

  /** Closes something; throws no checked exception. */
  @FunctionalInterface
  public interface Resource {
    void close();
  }

  /** Builds the owner of a stack. */
  @FunctionalInterface
  public interface Opening<T, E extends Exception> {
    T open(ResourceStack opened) throws E;
  }

  private ResourceStack() {}

  /** Builds an owner, which keeps its stack; if that fails, closes all that is on it. */
  public static <T, E extends Exception> T open(Opening<T, E> opening) throws E {
    ResourceStack opened = new ResourceStack();
    try {
      return opening.open(opened);
    } catch (Throwable e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  /** Adds what {@link #close} closes before all that was added earlier. */
  public synchronized void add(Resource resource) {
    opened.push(resource);
  }

  /** Closes all, also where one fails; throws the first failure, with the others in it. */
  @Override
  public synchronized void close() {
    if (opened.isEmpty()) {
      return;
    }
    try {
      opened.pop().close();
    } catch (RuntimeException | Error e) {
      closeAfter(e);
      throw e;
    }
    close();
  }

  private void closeAfter(Throwable cause) {
    try {
      close();
    } catch (RuntimeException | Error next) {
      cause.addSuppressed(next);
    }
  }
}
