package io.espalier.service.attempt;

import io.espalier.federation.server.FederationHost;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.training.run.RunResult;

/** A federation's server: it keeps what it accepted, and checkpoints after every round. */
record FederationWork(PreparedFederation federation, FederationHost host) implements RunningWork {
  @Override
  public long fromStep() {
    return host.session().startedAtRound();
  }

  @Override
  public long totalSteps() {
    return federation.rounds().rounds();
  }

  @Override
  public void stop() {
    host.stop();
  }

  /** There is one after every round. */
  @Override
  public void checkpoint() {}

  /** What was accepted stays, as the directory does. */
  @Override
  public void cancel() {
    host.stop();
  }

  @Override
  public RunResult await() {
    return host.await();
  }

  @Override
  public void close() {
    host.close();
  }
}
