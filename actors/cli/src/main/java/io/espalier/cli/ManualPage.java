package io.espalier.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The man page of a program and all its commands, in roff. */
final class ManualPage {
  private final StringBuilder page = new StringBuilder();

  private ManualPage() {}

  static String of(CommandLine program) {
    ManualPage manual = new ManualPage();
    CommandSpec spec = program.getCommandSpec();
    manual.macro("TH", spec.name().toUpperCase(Locale.ROOT) + " 1");
    manual.macro("SH", "NAME");
    manual.text(spec.name() + " - " + String.join(" ", spec.usageMessage().description()));
    manual.macro("SH", "SYNOPSIS");
    manual.text(spec.name() + " COMMAND [ARGUMENT]...");
    manual.macro("SH", "COMMANDS");
    manual.commands(program, spec.name());
    manual.macro("SH", "EXIT STATUS");
    spec.usageMessage().exitCodeList().forEach((code, meaning) -> manual.item(code, meaning));
    return manual.page.toString();
  }

  private void commands(CommandLine parent, String name) {
    parent.getSubcommands().values().stream()
        .distinct()
        .filter(command -> !command.getCommandSpec().usageMessage().hidden())
        .forEach(
            command -> {
              String whole = name + " " + command.getCommandName();
              command(command.getCommandSpec(), whole);
              commands(command, whole);
            });
  }

  private void command(CommandSpec spec, String name) {
    macro("SS", name + parameters(spec.positionalParameters()));
    Arrays.stream(spec.usageMessage().description())
        .forEach(
            paragraph -> {
              if (paragraph.isEmpty()) {
                macro("PP", "");
              } else {
                text(paragraph);
              }
            });
    spec.positionalParameters().forEach(each -> item(each.paramLabel(), each.description()));
    spec.options().stream()
        .filter(option -> !option.hidden() && !option.usageHelp() && !option.versionHelp())
        .forEach(option -> item(names(option), option.description()));
  }

  private static String parameters(List<PositionalParamSpec> parameters) {
    return parameters.stream().map(each -> " " + each.paramLabel()).collect(Collectors.joining());
  }

  private static String names(OptionSpec option) {
    String value = option.arity().max() == 0 ? "" : "=" + option.paramLabel();
    return String.join(", ", option.names()) + value;
  }

  private void item(String name, String... description) {
    macro("TP", "");
    page.append(".B ").append(escaped(name)).append('\n');
    text(String.join(" ", description));
  }

  private void macro(String name, String argument) {
    page.append('.').append(name);
    page.append(argument.isEmpty() ? "" : " " + escaped(argument)).append('\n');
  }

  private void text(String text) {
    String safe = escaped(text.replace("%n", " ").strip());
    page.append(safe.startsWith(".") || safe.startsWith("'") ? "\\&" : "").append(safe);
    page.append('\n');
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").replace("\n", " ");
  }
}
