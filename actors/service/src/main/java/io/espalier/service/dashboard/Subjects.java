package io.espalier.service.dashboard;

import io.espalier.service.http.ProblemException;
import io.espalier.service.http.ProblemKind;
import io.espalier.telemetry.view.Subject;
import java.util.List;

/** Reads what a viewer wants to see. */
final class Subjects {
  private static final int MOST = 16;

  private Subjects() {}

  /**
   * The subjects of a query, each once.
   *
   * @throws ProblemException if there are none or too many, or one cannot be a subject
   */
  static List<Subject> of(List<String> texts) {
    if (texts.isEmpty() || texts.size() > MOST) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST,
          "subject must come 1 to %d times: count=%d".formatted(MOST, texts.size()));
    }
    try {
      List<Subject> subjects = texts.stream().map(Subject::parse).distinct().toList();
      subjects.forEach(Subject::run);
      return subjects;
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemKind.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
  }
}
