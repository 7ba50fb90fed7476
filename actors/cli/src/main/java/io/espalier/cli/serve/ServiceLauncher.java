package io.espalier.cli.serve;

import java.io.IOException;

/** Starts a service in this process. */
@FunctionalInterface
public interface ServiceLauncher {
  /** Starts it, and returns when it takes requests and unfinished runs are on their way again. */
  RunningService launch(ServeSettings settings) throws IOException;
}
