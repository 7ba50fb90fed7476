package io.espalier.telemetry.view;

import java.util.Map;

/** A document's present state; another {@code identity} means another document. */
record View(Object identity, DocumentParts parts, Map<String, Points> series) {}
