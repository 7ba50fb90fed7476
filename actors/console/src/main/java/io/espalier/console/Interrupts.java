package io.espalier.console;

import io.espalier.configs.fault.ProcessExit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jline.utils.Signals;

/** Ctrl-C and termination: the first asks for an orderly stop, the second aborts at once. */
public final class Interrupts {
  private static final int INTERRUPTED = 130;
  private static final String[] SIGNALS = {"INT", "TERM"};

  private final Object[] previous = new Object[SIGNALS.length];

  private Interrupts() {}

  /** Handles signals from now on; {@code stop} runs at the first, with its name. */
  public static Interrupts onFirst(Consumer<String> stop) {
    Interrupts interrupts = new Interrupts();
    interrupts.register(stop);
    return interrupts;
  }

  public void restore() {
    for (int i = 0; i < SIGNALS.length; i++) {
      Signals.unregister(SIGNALS[i], previous[i]);
    }
  }

  private void register(Consumer<String> stop) {
    ProcessExit exit = ProcessExit.ofProcess();
    AtomicInteger count = new AtomicInteger();
    for (int i = 0; i < SIGNALS.length; i++) {
      String name = SIGNALS[i];
      previous[i] =
          Signals.register(
              name,
              () -> {
                if (count.incrementAndGet() == 1) {
                  stop.accept(name);
                } else {
                  exit.halt(INTERRUPTED);
                }
              });
    }
  }
}
