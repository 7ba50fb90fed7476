package io.espalier.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.espalier.configs.ImageConfig;
import io.espalier.configs.ImageConfig.Colour;
import io.espalier.configs.ImageConfig.Fit;
import io.espalier.configs.file.Json;
import io.espalier.trainer.network.ImageShape;
import java.util.Locale;

/** How image files of any size become inputs {@code [channels, height, width]} from 0 to 255. */
public record ImageEncoding(int height, int width, Fit fit, Colour colour)
    implements InputEncoding {
  private static final int MOST_CHARACTERS = 1000;

  public ImageEncoding {
    if (Math.min(height, width) < 1 || Math.max(height, width) > ImageConfig.MAX_SIDE) {
      throw new IllegalArgumentException(
          "sides of images must be from 1 to %d: height=%d, width=%d"
              .formatted(ImageConfig.MAX_SIDE, height, width));
    }
  }

  public static ImageEncoding of(ImageConfig config) {
    return new ImageEncoding(config.height(), config.width(), config.fit(), config.colour());
  }

  @Override
  public ImageShape shape() {
    return new ImageShape(colour.channels(), height, width);
  }

  private record Text(int height, int width, String fit, String colour) {}

  @Override
  public String toJson() {
    try {
      return Json.LENIENT.writeValueAsString(
          new Text(height, width, lowerCase(fit), lowerCase(colour)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an encoding must be plain values: " + this, e);
    }
  }

  static boolean isOne(String json) {
    try {
      return json.length() <= MOST_CHARACTERS && Json.LENIENT.readTree(json).has("fit");
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  static ImageEncoding parse(String json) {
    try {
      Text text = Json.LENIENT.readValue(json, Text.class);
      return new ImageEncoding(
          text.height(),
          text.width(),
          Fit.valueOf(String.valueOf(text.fit()).toUpperCase(Locale.ROOT)),
          Colour.valueOf(String.valueOf(text.colour()).toUpperCase(Locale.ROOT)));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "an encoding of images must be valid: %s: encoding=%s".formatted(e.getMessage(), json),
          e);
    }
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
