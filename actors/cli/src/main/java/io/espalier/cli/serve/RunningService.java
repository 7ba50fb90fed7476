package io.espalier.cli.serve;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletionStage;

/** A service of this process. */
public interface RunningService extends AutoCloseable {
  @FunctionalInterface
  interface Launcher {
    /** Returns once the service takes requests and has queued its unfinished runs again. */
    RunningService launch(ServeSettings settings) throws IOException;
  }

  static RunningService launch(ServeSettings settings) throws IOException {
    return NodeProcess.launch(settings);
  }

  /** The address of its API with the actual port. */
  URI address();

  /** Completes if the service ends by itself, with the failure if there is one. */
  CompletionStage<Void> ended();

  /** Lets every attempt write a checkpoint, hands over to the rest of a cluster, and ends. */
  @Override
  void close();
}
