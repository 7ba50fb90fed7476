package io.espalier.service.attempt;

import io.espalier.service.run.Attempt;
import io.espalier.service.run.AttemptListener;
import io.espalier.service.run.AttemptOrder;
import io.espalier.service.run.Attempts;

/** Starts attempts in this process, each on a thread of its own. Thread-safe. */
public final class NodeAttempts implements Attempts {
  private final AttemptSettings settings;

  public NodeAttempts(AttemptSettings settings) {
    this.settings = settings;
  }

  @Override
  public Attempt start(AttemptOrder order, AttemptListener listener) {
    AttemptThread attempt = new AttemptThread(settings, order, listener);
    Thread thread = new Thread(attempt, "espalier-attempt-" + order.run());
    thread.setDaemon(true);
    thread.start();
    return attempt;
  }
}
