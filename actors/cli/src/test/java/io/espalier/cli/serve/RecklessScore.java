package io.espalier.cli.serve;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoreProvider;

/** A user's score that hangs, or breaks the JVM, on the thread that decides over the run. */
public final class RecklessScore implements ScoreProvider {
  @Override
  public String name() {
    return "reckless";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.text("deed", "hang");
  }

  @Override
  public void check(MemberSettings settings) {}

  @Override
  public Score create(MemberSettings settings, long seed) {
    return settings.text("deed").equals("hang")
        ? (of, scores) -> {
          while (true) {
            pause();
          }
        }
        : (of, scores) -> {
          throw new InternalError("the score breaks the JVM");
        };
  }

  private static void pause() {
    try {
      Thread.sleep(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
