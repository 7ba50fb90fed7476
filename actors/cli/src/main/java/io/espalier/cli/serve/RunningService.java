package io.espalier.cli.serve;

import java.net.URI;
import java.util.concurrent.CompletionStage;

/** A service of this process. */
public interface RunningService extends AutoCloseable {
  /** Where its API is; the port is the real one. */
  URI address();

  /** Completes if the service ends by itself, with the failure if there is one. */
  CompletionStage<Void> ended();

  /** Has every attempt write a checkpoint, hands over what a cluster goes on with, and ends. */
  @Override
  void close();
}
