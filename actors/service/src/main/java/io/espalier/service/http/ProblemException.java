package io.espalier.service.http;

/** Ends the handling of a request with a problem. */
public final class ProblemException extends RuntimeException {
  private final transient Problem problem;

  public ProblemException(ProblemKind kind, String detail) {
    // Part of an answer, not a failure: any client can cause it, so no stack trace is taken.
    super(detail, null, false, false);
    this.problem = Problem.of(kind, detail);
  }

  public static ProblemException invalid(String detail) {
    return new ProblemException(ProblemKind.INVALID_REQUEST, detail);
  }

  public Problem problem() {
    return problem;
  }
}
