package io.espalier.cli.console;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to start another process of this program: same Java, same options, same classes. */
public final class ChildCommand {
  private ChildCommand() {}

  /**
   * The command line of such a process, to which its arguments are added.
   *
   * @param options of the virtual machine that win over this one's
   * @param main the class to start
   */
  public static List<String> command(List<String> options, String main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    return command;
  }
}
