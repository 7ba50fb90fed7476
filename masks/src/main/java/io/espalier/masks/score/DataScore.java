package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import java.util.function.IntFunction;

/**
 * A score that looks at some batches and has no other key.
 *
 * @param batches per trainer and mask update where the recipe does not say
 * @param ofBatches makes it for a number of batches
 */
record DataScore(String name, int batches, IntFunction<Score> ofBatches) implements ScoreProvider {
  @Override
  public PluginKeys keys() {
    return DataBatches.keys(batches);
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return ofBatches.apply(DataBatches.of(settings));
  }
}
