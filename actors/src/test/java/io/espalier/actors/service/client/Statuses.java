package io.espalier.actors.service.client;

/** Runs as a service tells of them. */
public final class Statuses {
  private Statuses() {}

  /** A training run at step 120 of 500. */
  public static String running(String run) {
    return status(run, "running", "\"totalSteps\":500,\"accuracy\":0.875,\"sparsity\":0.5");
  }

  public static String status(String run, String state, String more) {
    return """
        {"run":"%s","name":"pear","kind":"training","state":"%s","priority":5,"trainers":2,
         "submitted":"2026-01-02T03:04:05Z","changed":"2026-01-02T03:05:06Z","term":2,"step":120,
         "new":"field",%s}"""
        .formatted(run, state, more.isEmpty() ? "\"node\":\"n1\"" : more);
  }

  public static String page(String... statuses) {
    return "{\"runs\":[%s],\"total\":%d}".formatted(String.join(",", statuses), statuses.length);
  }
}
