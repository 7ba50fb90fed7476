package io.espalier.service;

import io.espalier.configs.Rules;
import java.util.OptionalLong;

/**
 * The most that an owner or a project may have; an absent limit is none. Names are stored: none may
 * change.
 *
 * @param runs that have not ended
 * @param trainers in use at once; beyond it runs wait in the queue
 * @param submissionsPerHour in any hour
 * @param runBytes in the directories of runs
 * @param dataBytes in uploaded data sets
 */
public record Quota(
    OptionalLong runs,
    OptionalLong trainers,
    OptionalLong submissionsPerHour,
    OptionalLong runBytes,
    OptionalLong dataBytes) {
  public static final Quota NONE =
      new Quota(
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());

  /** More in an hour could not be counted in bounded memory. */
  public static final long MOST_SUBMISSIONS = 10_000;

  public Quota {
    new Rules()
        .require("max-runs", text(runs), runs.orElse(1) >= 1, "1 or more")
        .require("max-trainers", text(trainers), trainers.orElse(1) >= 1, "1 or more")
        .require(
            "submissions-per-hour",
            text(submissionsPerHour),
            submissionsPerHour.orElse(1) >= 1 && submissionsPerHour.orElse(1) <= MOST_SUBMISSIONS,
            "1 to " + MOST_SUBMISSIONS)
        .require("max-run-bytes", text(runBytes), runBytes.orElse(1) >= 1, "1 or more")
        .require("max-data-bytes", text(dataBytes), dataBytes.orElse(1) >= 1, "1 or more")
        .verify();
  }

  private static Object text(OptionalLong limit) {
    return limit.isPresent() ? limit.getAsLong() : "none";
  }
}
