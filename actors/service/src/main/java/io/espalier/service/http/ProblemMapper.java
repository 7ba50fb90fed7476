package io.espalier.service.http;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** What a failure means to a caller; nothing of the server's inside is told. */
public final class ProblemMapper {
  private ProblemMapper() {}

  /** The problem that stands for a failure; {@link ProblemKind#INTERNAL} for one unforeseen. */
  public static Problem of(Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof ProblemException known) {
      return known.problem();
    }
    return cause instanceof TimeoutException
        ? Problem.of(ProblemKind.UNAVAILABLE, "the service did not answer in time; try again")
        : Problem.of(ProblemKind.INTERNAL, "the service's log has more; try again later");
  }

  /** What wrappers of futures hide. */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
