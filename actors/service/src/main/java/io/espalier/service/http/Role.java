package io.espalier.service.http;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a token allows; a later one allows all that an earlier one does. */
public enum Role {
  /** Look at runs, their files and events. */
  READ,
  /** Submit, pause, resume, cancel and delete runs, too. */
  OPERATE;

  public boolean allows(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** As users and files spell it: {@code read} or {@code operate}. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Role> named(String spelling) {
    return Arrays.stream(values()).filter(each -> each.spelling().equals(spelling)).findFirst();
  }

  public static List<String> spellings() {
    return Arrays.stream(values()).map(Role::spelling).toList();
  }
}
