package io.espalier.configs.recipe;

import io.espalier.configs.LayerKinds;
import java.util.List;
import java.util.function.Consumer;

/** Some of the trainer's kinds of layers, as far as shipped recipes name them. */
public final class SampleLayers implements LayerKinds {
  private static final List<Kind> KINDS =
      List.of(
          new Sample("flatten", settings -> {}),
          new Sample(
              "convolution",
              settings -> {
                int unused = settings.outputs("channels");
                unused = settings.required("kernel", "its side");
                unused = settings.whole("padding", 0);
              }),
          new Sample(
              "linear",
              settings -> {
                int unused = settings.outputs("features");
                boolean unusedBias = settings.flag("bias", true);
              }),
          new Sample(
              "leaky-relu",
              settings -> {
                double unused = settings.number("slope", 0.01);
              }),
          new Sample("batch-norm", settings -> {}),
          new Sample("relu", settings -> {}),
          new Sample(
              "max-pool",
              settings -> {
                int unused = settings.whole("kernel", 2);
              }));

  private record Sample(String name, Consumer<Settings> reader) implements Kind {
    @Override
    public String prefix() {
      return name;
    }

    @Override
    public boolean takes(int inputs) {
      return inputs == 1;
    }

    @Override
    public void read(Settings settings) {
      reader.accept(settings);
    }
  }

  @Override
  public List<Kind> all() {
    return KINDS;
  }
}
