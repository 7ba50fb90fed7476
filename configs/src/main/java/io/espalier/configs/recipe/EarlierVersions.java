package io.espalier.configs.recipe;

import com.typesafe.config.ConfigObject;
import java.util.Optional;

/** The values that earlier versions had where they had no key yet. */
final class EarlierVersions {
  private static final String FEDERATION = "federation";
  private static final Completion DRAWN_BY_HE =
      new Completion("model", ModelFamilies.INITIAL, "model.initial = he");
  private static final Completion PLAIN_NORMS =
      new Completion("train", RunReader.FOLD_NORMS, "train.fold-norms = false");

  private static final Completion UNBOUNDED =
      new Completion(
          FEDERATION,
          FederationFamilies.LOSS_BOUND,
          "federation { norm-bound = none, weight-bound = none, loss-bound = none }");

  private static final Completion PLAIN_CANDIDATES =
      new Completion(
          FEDERATION,
          FederationFamilies.CANDIDATE_NORMS.name(),
          "federation { candidate-norms = mean }");

  private EarlierVersions() {}

  private record Completion(String block, String key, String text) {
    ConfigObject of(ConfigObject resolved) {
      boolean knows =
          HoconText.at(resolved, block)
              .flatMap(keys -> HoconText.at(HoconText.keys(keys), key))
              .isPresent();
      return knows ? resolved : Overrides.over(resolved, HoconText.text("version 0.1", text));
    }
  }

  /** Adds the keys that the version which resolved a recipe did not know. */
  static ConfigObject completed(ConfigObject resolved) {
    ConfigObject plain = PLAIN_NORMS.of(DRAWN_BY_HE.of(resolved));
    Optional<String> federation = federation(plain).filter(kind -> !kind.equals("none"));
    if (federation.isEmpty()) {
      return plain;
    }
    ConfigObject unbounded = UNBOUNDED.of(plain);
    return federation.get().equals("fedtiny") ? PLAIN_CANDIDATES.of(unbounded) : unbounded;
  }

  private static Optional<String> federation(ConfigObject resolved) {
    return HoconText.at(resolved, FEDERATION)
        .flatMap(
            value ->
                value instanceof ConfigObject keys
                    ? HoconText.at(keys, Overrides.KIND)
                    : Optional.of(value))
        .flatMap(HoconText::scalar);
  }
}
