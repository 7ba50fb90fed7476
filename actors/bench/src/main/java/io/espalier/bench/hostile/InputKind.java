package io.espalier.bench.hostile;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What is attacked: a file and the command that reads it, or a federation's bytes. */
enum InputKind {
  RECIPE("train", "DIR/recipe.conf", "--dry-run"),
  SAFETENSORS("inspect", "DIR/model.safetensors"),
  MASKS("inspect", "DIR/masks.safetensors"),
  ONNX(
      "train",
      "digits",
      "-D",
      "model=null",
      "-D",
      "model={kind=onnx, file=\"DIR/model.onnx\"}",
      "--dry-run"),
  CSV(
      "train",
      "digits",
      "-D",
      "train.trainers=1",
      "-D",
      "data=null",
      "-D",
      "data={kind=csv, path=\"DIR/table.csv\", label=kind, batch-size=2}",
      "--dry-run"),
  IDX(
      "train",
      "digits",
      "-D",
      "train.trainers=1",
      "-D",
      "data=null",
      "-D",
      "data={kind=idx, path=\"DIR\", batch-size=2}",
      "--dry-run"),
  IMAGES(
      "train",
      "digits",
      "-D",
      "train.trainers=1",
      "-D",
      "data=null",
      "-D",
      "data={kind=images, path=\"DIR\", size=8, test=50%, batch-size=1}",
      "--dry-run"),
  /** What devices send for a round and a server sends them, decoded. */
  RESULTS,
  /** Sessions of devices, played to a gateway. */
  FRAMES;

  private final String command;

  InputKind(String... command) {
    this.command = String.join("\n", command);
  }

  static List<InputKind> files() {
    return Stream.of(values()).filter(kind -> !kind.command.isEmpty()).toList();
  }

  /** The command on the files of a directory. */
  String[] command(String directory) {
    return command.replace("DIR", directory).split("\n", -1);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
