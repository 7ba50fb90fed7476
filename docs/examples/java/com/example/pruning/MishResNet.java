package com.example.pruning;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.trainer.network.DataSizes;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkBuilder;
import io.espalier.trainer.network.NetworkProvider;

/** A residual network whose blocks have {@link Mish} in place of ReLU. */
public final class MishResNet implements NetworkProvider {
  @Override
  public String name() {
    return "mish-resnet";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.whole("width", 16).whole("blocks", 2);
  }

  @Override
  public void check(MemberSettings settings) {
    int width = settings.whole("width");
    int blocks = settings.whole("blocks");
    new Rules()
        .require("width", width, width >= 1 && width <= 1024, "from 1 to 1024")
        .require("blocks", blocks, blocks >= 1 && blocks <= 100, "from 1 to 100")
        .verify();
  }

  @Override
  public Network build(MemberSettings settings, ImageShape input, DataSizes outputs) {
    int width = settings.whole("width");
    NetworkBuilder network =
        NetworkBuilder.of(input).convolution(width, 3, 1).norm().add(new Mish());
    for (int block = 1; block <= settings.whole("blocks"); block++) {
      network.residual("block" + block, branch -> branch(branch, width)).add(new Mish());
    }
    return network.globalAveragePool().linear(outputs.classes()).build();
  }

  private static void branch(NetworkBuilder branch, int width) {
    branch.convolution(width, 3, 1).norm().add(new Mish()).convolution(width, 3, 1).norm();
  }
}
