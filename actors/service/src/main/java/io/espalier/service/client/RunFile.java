package io.espalier.service.client;

import io.espalier.configs.Rules;

/**
 * A file that a run has written.
 *
 * @param name safe as the name of a file: no slash, no leading dot
 * @param bytes when it was listed
 */
public record RunFile(String name, long bytes) {
  public RunFile {
    new Rules()
        .require(
            "name",
            name,
            name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,199}"),
            "1 to 200 letters, digits, . _ and -")
        .verify();
  }
}
