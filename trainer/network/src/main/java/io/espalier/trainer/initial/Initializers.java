package io.espalier.trainer.initial;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.trainer.network.ParameterSpec;
import java.util.List;

/** The built-in initializers, and those of users by their name. */
public final class Initializers implements BuiltInPlugins {
  @Override
  public List<InitializerProvider> list() {
    return List.of(
        VarianceScaling.normal("he", weight -> 2.0 / weight.fanIn()),
        VarianceScaling.uniform("he-uniform", weight -> 2.0 / weight.fanIn()),
        new UniformFanIn(),
        VarianceScaling.normal("xavier", weight -> 2.0 / fans(weight)),
        VarianceScaling.uniform("xavier-uniform", weight -> 2.0 / fans(weight)),
        VarianceScaling.normal("lecun", weight -> 1.0 / weight.fanIn()),
        VarianceScaling.uniform("lecun-uniform", weight -> 1.0 / weight.fanIn()),
        new Orthogonal());
  }

  public static Initializer of(MemberSettings settings) {
    return PluginRegistry.create(
        PluginKind.INITIALIZER,
        settings,
        InitializerProvider.class,
        provider -> provider.create(settings),
        InitializerChecks::around);
  }

  private static double fans(ParameterSpec weight) {
    return (double) weight.fanIn() + weight.fanOut();
  }
}
