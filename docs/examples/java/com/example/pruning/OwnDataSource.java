package com.example.pruning;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.source.DataProvider;
import java.util.List;
import java.util.SplittableRandom;

/** Two half moons in the plane, one for each class, that reach into each other. */
public final class OwnDataSource implements DataProvider {
  @Override
  public String name() {
    return "two-moons";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.whole("examples", 1000).number("noise", 0.1);
  }

  @Override
  public void check(MemberSettings settings) {
    new Rules()
        .require(
            "examples", settings.whole("examples"), settings.whole("examples") > 1, "2 or more")
        .require("noise", settings.number("noise"), settings.number("noise") >= 0, "0 or more")
        .verify();
  }

  @Override
  public Dataset load(MemberSettings settings, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int count = settings.whole("examples");
    double noise = settings.number("noise");
    return Dataset.ofTable(
        moons(count, noise, random),
        moons(count, noise, random),
        List.of("x", "y"),
        List.of("upper", "lower"));
  }

  private static Examples moons(int count, double noise, SplittableRandom random) {
    float[] points = new float[2 * count];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % 2;
      double angle = Math.PI * random.nextDouble();
      double x = labels[i] == 0 ? Math.cos(angle) : 1 - Math.cos(angle);
      double y = labels[i] == 0 ? Math.sin(angle) : 0.5 - Math.sin(angle);
      points[2 * i] = (float) (x + noise * random.nextGaussian());
      points[2 * i + 1] = (float) (y + noise * random.nextGaussian());
    }
    return Examples.ofFloats(points, labels);
  }
}
