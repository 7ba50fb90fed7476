package io.espalier.cli;

import io.espalier.trainer.run.CodeVersion;
import picocli.CommandLine.IVersionProvider;

final class BuildVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "espalier " + CodeVersion.current(), "java " + Runtime.version() + ", ${os.name} ${os.arch}"
    };
  }
}
