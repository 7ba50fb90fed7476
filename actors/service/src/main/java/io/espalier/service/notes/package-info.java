/** What users write about runs, for lists and pages. */
package io.espalier.service.notes;
