import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

/**
 * Validates PDF files against PDF/UA-1 and PDF/A-2a with veraPDF's classes.
 *
 * <p>Prints one line a file and profile, separated by tabs: PASS or FAIL, the profile, the number of checks, the file,
 * and for a failure each broken rule with the number of places. Ends with 0 when everything passed, else 1.
 */
public final class Validate {

    private static final String FOLDER = "/org/verapdf/pdfa/validation/";
    private static final String[] PROFILES = {"PDFUA-1", "PDFA-2A"};

    private Validate() {}

    public static void main(String[] files) throws Exception {
        LogManager.getLogManager().reset();
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        boolean allPassed = files.length > 0;
        for (String name : PROFILES) {
            ValidationProfile profile = readProfile(name);
            for (String file : files) {
                allPassed &= validate(new File(file), name, profile);
            }
        }
        System.exit(allPassed ? 0 : 1);
    }

    private static ValidationProfile readProfile(String name) throws Exception {
        try (InputStream xml = Validate.class.getResourceAsStream(FOLDER + name + ".xml")) {
            if (xml == null) {
                throw new IllegalStateException("The jar has no profile " + name);
            }
            return Profiles.profileFromXml(xml);
        }
    }

    private static boolean validate(File file, String name, ValidationProfile profile) throws Exception {
        ValidationResult result;
        try (InputStream content = new FileInputStream(file);
                PDFAParser parser =
                        Foundries.defaultInstance().createParser(content, profile.getPDFAFlavour());
                PDFAValidator validator = Foundries.defaultInstance().createValidator(profile, false)) {
            result = validator.validate(parser);
        }
        StringBuilder line = new StringBuilder(result.isCompliant() ? "PASS" : "FAIL");
        line.append('\t').append(name).append('\t').append(result.getTotalAssertions());
        line.append('\t').append(file.getPath());
        Map<String, Integer> broken = new LinkedHashMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                broken.merge(rule + " " + assertion.getMessage(), 1, Integer::sum);
            }
        }
        broken.forEach((rule, places) -> line.append('\t').append(rule).append(" (").append(places).append(')'));
        System.out.println(line);
        return result.isCompliant();
    }
}
