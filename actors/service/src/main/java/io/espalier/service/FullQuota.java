package io.espalier.service;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * A quota that leaves no room for a request.
 *
 * @param name of the owner or project
 * @param used of the limit
 * @param resets when the same request has room; empty where no time brings that
 */
public record FullQuota(
    Rule rule, Holder holder, String name, long limit, long used, Optional<Instant> resets) {
  public enum Rule {
    RUNS,
    SUBMISSIONS_PER_HOUR,
    RUN_BYTES,
    DATA_BYTES;

    public String spelling() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public enum Holder {
    OWNER,
    PROJECT;

    public String spelling() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static FullQuota of(Rule rule, Holder holder, Ownership whose, long limit, long used) {
    String name = holder == Holder.OWNER ? whose.owner().orElse("") : whose.project();
    return new FullQuota(rule, holder, name, limit, used, Optional.empty());
  }

  public FullQuota resettingAt(Instant time) {
    return new FullQuota(rule, holder, name, limit, used, Optional.of(time));
  }

  private static String runs(long many) {
    return (many == 1 ? "%,d run" : "%,d runs").formatted(many);
  }

  /** The rule, the value and the way out. */
  public String message() {
    String whose = holder.spelling() + "=" + name;
    return switch (rule) {
      case RUNS ->
          "at most %s of %s may be unfinished: unfinished=%,d; try again when one of them ends, or cancel one"
              .formatted(runs(limit), whose, used);
      case SUBMISSIONS_PER_HOUR ->
          "at most %s of %s may be submitted within an hour: submitted=%,d; the next one may be at %s"
              .formatted(
                  runs(limit),
                  whose,
                  used,
                  resets.map(time -> rounded(time).toString()).orElse("the hour's end"));
      case RUN_BYTES ->
          "the runs of %s may have at most %,d bytes of files: bytes=%,d; delete some of them"
              .formatted(whose, limit, used);
      case DATA_BYTES ->
          "the data sets of %s may have at most %,d bytes: bytes=%,d with this one; nothing of it is kept; delete some, or send less"
              .formatted(whose, limit, used);
    };
  }

  /** When room comes without a time: what has to happen. */
  public String freedBy() {
    return switch (rule) {
      case RUNS -> "the end of one of the runs";
      case SUBMISSIONS_PER_HOUR -> "time";
      case RUN_BYTES -> "the deletion of runs";
      case DATA_BYTES -> "the deletion of data sets";
    };
  }

  private static Instant rounded(Instant time) {
    Instant seconds = time.truncatedTo(ChronoUnit.SECONDS);
    return seconds.equals(time) ? time : seconds.plusSeconds(1);
  }
}
