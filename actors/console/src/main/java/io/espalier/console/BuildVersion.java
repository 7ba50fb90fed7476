package io.espalier.console;

import io.espalier.trainer.run.CodeVersion;
import picocli.CommandLine.IVersionProvider;

public final class BuildVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "espalier " + CodeVersion.current(), "java " + Runtime.version() + ", ${os.name} ${os.arch}"
    };
  }
}
