package io.espalier.service.notes;

import io.espalier.configs.Rules;
import java.util.List;

/**
 * What users have written about a run. Names are stored: none may change.
 *
 * @param tags beside those of the recipe
 * @param archived whether lists leave the run out
 * @param deleted whether the run and its files are gone; events of it may be left
 */
public record RunNote(String note, List<String> tags, boolean archived, boolean deleted) {
  /** The note of a run that nothing is written about. */
  public static final RunNote NONE = new RunNote("", List.of(), false, false);

  /** The note of a deleted run. */
  public static final RunNote GONE = new RunNote("", List.of(), false, true);

  private static final int LONGEST_NOTE = 4_000;
  private static final int LONGEST_TAG = 40;
  private static final int MOST_TAGS = 16;

  public RunNote {
    tags = List.copyOf(tags);
    new Rules()
        .require(
            "note",
            "%d characters".formatted(note.length()),
            note.length() <= LONGEST_NOTE,
            "at most %d characters".formatted(LONGEST_NOTE))
        .require(
            "tags", tags.size(), tags.size() <= MOST_TAGS, "at most %d tags".formatted(MOST_TAGS))
        .require(
            "tags",
            tags,
            tags.stream().allMatch(tag -> !tag.isBlank() && tag.length() <= LONGEST_TAG),
            "texts of 1 to %d characters".formatted(LONGEST_TAG))
        .verify();
  }
}
