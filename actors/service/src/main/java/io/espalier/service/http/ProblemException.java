package io.espalier.service.http;

/** Ends the handling of a request with a problem. */
public final class ProblemException extends RuntimeException {
  private final transient Problem problem;

  public ProblemException(ProblemKind kind, String detail) {
    // No stack trace: any client can cause it.
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
