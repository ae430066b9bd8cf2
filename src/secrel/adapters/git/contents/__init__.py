"""What commits change, and what files have at other commits: read from trees and files."""
