package io.espalier.cli.serve;

import io.espalier.console.DurationConverter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** When a token ends, as users write it; absent for never. */
record TokenExpiry(Optional<Instant> time) {
  static final TokenExpiry NEVER = new TokenExpiry(Optional.empty());

  /** {@code 30d}, {@code 2027-01-31}, {@code 2027-01-31T12:00:00Z} or {@code never}. */
  static final class Converter implements ITypeConverter<TokenExpiry> {
    @Override
    public TokenExpiry convert(String text) {
      if (text.equals("never")) {
        return NEVER;
      }
      try {
        return new TokenExpiry(Optional.of(time(text)));
      } catch (DateTimeException | ArithmeticException | TypeConversionException e) {
        throw new TypeConversionException(
            "a token must end after a time such as 30d, with a day (2027-01-31), at an instant (2027-01-31T12:00:00Z) or never: expires="
                + text);
      }
    }

    private static Instant time(String text) {
      if (text.contains("T")) {
        return Instant.parse(text);
      }
      return text.contains("-")
          ? LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.now()
              .plus(new DurationConverter().convert(text))
              .truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /** The time and what is left until then. */
  static String text(Optional<Instant> expires, Instant now) {
    return expires
        .map(
            time ->
                time
                    + (now.isBefore(time)
                        ? " (%s left)".formatted(left(Duration.between(now, time)))
                        : " (expired)"))
        .orElse("never");
  }

  private static String left(Duration time) {
    if (time.toDays() >= 2) {
      return time.toDays() + "d";
    }
    if (time.toHours() >= 2) {
      return time.toHours() + "h";
    }
    return time.toMinutes() >= 2 ? time.toMinutes() + "m" : time.toSeconds() + "s";
  }
}
