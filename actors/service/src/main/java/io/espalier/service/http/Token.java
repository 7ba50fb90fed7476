package io.espalier.service.http;

import io.espalier.configs.Rules;
import java.time.Instant;

/**
 * What the service keeps of a token: not the secret itself.
 *
 * @param name unique; 1 to 64 letters, digits and {@code . _ -}, the first a letter or digit
 * @param sha256 of the secret, in hex
 */
public record Token(String name, Role role, Instant created, String sha256) {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  private static final String DIGEST = "[0-9a-f]{64}";

  public Token {
    new Rules()
        .require(
            "name",
            name,
            name.matches(NAME),
            "1 to 64 letters, digits, . _ and -, the first a letter or digit")
        .require("sha256", sha256, sha256.matches(DIGEST), "64 hex digits")
        .verify();
  }

  Caller caller() {
    return new Caller(name, role);
  }
}
