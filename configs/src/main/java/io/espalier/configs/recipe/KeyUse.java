package io.espalier.configs.recipe;

import java.util.Optional;

/**
 * How a key is read.
 *
 * @param unit what its values are, such as "a whole number"
 * @param standard its default as a HOCON token, if the reader has one
 * @param meaning what a required key means, or nothing
 */
record KeyUse(String unit, Optional<String> standard, String meaning) {
  static KeyUse of(String unit) {
    return new KeyUse(unit, Optional.empty(), "");
  }
}
