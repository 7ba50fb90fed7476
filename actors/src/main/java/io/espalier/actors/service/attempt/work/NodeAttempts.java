package io.espalier.actors.service.attempt.work;

import io.espalier.actors.service.attempt.Attempt;
import io.espalier.actors.service.attempt.AttemptListener;
import io.espalier.actors.service.attempt.AttemptOrder;
import io.espalier.actors.service.attempt.Attempts;

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
