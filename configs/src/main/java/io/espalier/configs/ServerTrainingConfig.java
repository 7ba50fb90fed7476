package io.espalier.configs;

/**
 * Says what the server trains before the first round.
 *
 * @param examples of the server's own data
 * @param epochs passes over them; 0 for none
 */
public record ServerTrainingConfig(int examples, int epochs) {
  public ServerTrainingConfig {
    new Rules()
        .require("server-examples", examples, examples >= 0, "0 or more")
        .require("server-epochs", epochs, epochs >= 0, "0 or more")
        .verify();
  }
}
