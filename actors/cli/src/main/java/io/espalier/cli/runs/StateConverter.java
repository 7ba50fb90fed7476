package io.espalier.cli.runs;

import io.espalier.service.RunState;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads states of runs in their words, and in that of earlier versions. */
final class StateConverter implements ITypeConverter<RunState> {
  /** The former word for {@code finished}. */
  private static final String EARLIER_WORD = "completed";

  /** The words that completion offers. */
  static final class Words implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return words().iterator();
    }
  }

  private static List<String> words() {
    return Stream.of(RunState.values()).map(RunTexts::spelling).toList();
  }

  @Override
  public RunState convert(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    String asked = word.equals(EARLIER_WORD) ? RunTexts.spelling(RunState.FINISHED) : word;
    return Stream.of(RunState.values())
        .filter(state -> RunTexts.spelling(state).equals(asked))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "a state must be one of %s: state=%s"
                        .formatted(String.join(", ", words()), text)));
  }
}
