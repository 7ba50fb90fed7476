package io.espalier.console;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times as recipes write them: {@code 90s}, {@code 30m}, {@code 1h}, {@code 7d}. */
public final class DurationConverter implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    try {
      if (!text.matches("[0-9]+ ?[a-z]+")) {
        throw new TypeConversionException(refusal(text));
      }
      return ConfigFactory.parseMap(Map.of("time", text)).getDuration("time");
    } catch (ConfigException e) {
      throw new TypeConversionException(refusal(text));
    }
  }

  private static String refusal(String text) {
    return "a time must be a number with a unit, such as 90s, 30m, 1h or 7d: time=" + text;
  }
}
