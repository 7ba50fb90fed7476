package io.espalier.bench.hostile;

import java.util.Locale;

/** A kind of file that the command line reads, and the command that reads it. */
enum FileKind {
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
      "--dry-run");

  private final String command;

  FileKind(String... command) {
    this.command = String.join("\n", command);
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
